import { css } from 'lit';

export const addScheduleStyles = css`
	vscode-button {
		width: 100%;
	}
	:host {
		position: relative;
	}
	[role='menu'] {
		position: absolute;
		z-index: 5;
		inset: 100% 0 auto auto;
		min-width: 100%;
		padding: 4px;
		background: var(--vscode-menu-background, var(--vscode-editorWidget-background));
		border: 1px solid var(--vscode-menu-border, var(--vscode-widget-border, var(--vscode-contrastBorder, transparent)));
		border-radius: 4px;
		box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
	}
	[role='menuitem'] {
		width: 100%;
		padding: 4px 12px;
		border: 0;
		border-radius: 3px;
		background: none;
		color: var(--vscode-menu-foreground, inherit);
		font: inherit;
		text-align: start;
		cursor: pointer;
	}
	[role='menuitem']:hover,
	[role='menuitem']:focus {
		background: var(--vscode-menu-selectionBackground, var(--vscode-list-activeSelectionBackground));
		color: var(--vscode-menu-selectionForeground, var(--vscode-list-activeSelectionForeground));
		outline: 1px solid var(--vscode-contrastActiveBorder, transparent);
		outline-offset: -1px;
	}
`;
