import { css } from 'lit';

export const scheduleTableStyles = css`
	section {
		display: flex;
		flex-direction: column;
		gap: 10px;
	}
	.table-and-buttons {
		display: grid;
		grid-template-columns: minmax(0, 1fr) auto;
		gap: 12px;
		align-items: start;
	}
	table {
		border: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
	}
	tbody tr {
		cursor: default;
	}
	tr.chosen {
		background: var(--vscode-list-inactiveSelectionBackground);
		color: var(--vscode-list-inactiveSelectionForeground, inherit);
	}
	.narrow {
		width: 2.5em;
		text-align: center;
	}
	td.narrow vscode-checkbox {
		display: inline-flex;
		margin: 0;
	}
	input[type='radio'] {
		margin: 0;
		accent-color: var(--vscode-focusBorder);
	}
	.buttons {
		display: flex;
		flex-direction: column;
		gap: 6px;
	}
	.buttons vscode-button {
		width: 100%;
	}
	.menu-place {
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
	.policies {
		display: flex;
		flex-wrap: wrap;
		gap: 12px 20px;
	}
	.policies .field {
		display: flex;
		flex-direction: column;
		gap: 3px;
		flex: 1 1 16em;
	}
	.policies afterimage-select {
		width: 100%;
	}
	input.zone {
		height: 26px;
		padding: 0 8px;
		color: var(--vscode-input-foreground);
		background: var(--vscode-input-background);
		border: 1px solid var(--vscode-settings-dropdownBorder, var(--vscode-input-border, transparent));
		border-radius: 2px;
		font: inherit;
	}
	input.zone::placeholder {
		color: var(--vscode-input-placeholderForeground);
		opacity: 1;
	}
	@media (max-width: 560px) {
		.table-and-buttons {
			grid-template-columns: 1fr;
		}
		.buttons {
			flex-flow: row wrap;
		}
		.buttons vscode-button {
			width: auto;
		}
	}
`;
