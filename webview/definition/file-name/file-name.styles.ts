import { css } from 'lit';

export const fileNameStyles = css`
	.column,
	.name {
		display: flex;
		flex-direction: column;
		gap: 8px;
	}
	.name {
		position: relative;
		padding-inline-start: 24px;
	}
	.row {
		flex-wrap: nowrap;
		align-items: flex-end;
	}
	vscode-text-field {
		width: 100%;
	}
	.recommended {
		padding-inline-start: 28px;
		color: var(--vscode-descriptionForeground);
	}
	.preview {
		padding: 6px 10px;
		border-radius: 3px;
		background: var(--vscode-textCodeBlock-background);
		overflow-wrap: anywhere;
	}
	ul {
		max-height: 230px;
		overflow: auto;
		border: 1px solid var(--vscode-editorSuggestWidget-border, var(--vscode-contrastBorder, transparent));
		border-radius: 3px;
		background: var(--vscode-editorSuggestWidget-background, var(--vscode-editorWidget-background));
		box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
	}
	li {
		display: grid;
		grid-template-columns: 11em 1fr auto;
		gap: 12px;
		padding: 4px 10px;
		cursor: pointer;
	}
	li:hover {
		background: var(--vscode-list-hoverBackground);
	}
	li[aria-selected='true'] {
		background: var(--vscode-list-activeSelectionBackground);
		color: var(--vscode-list-activeSelectionForeground);
		outline: 1px solid var(--vscode-contrastActiveBorder, transparent);
		outline-offset: -1px;
	}
	li[aria-selected='true'] .muted {
		color: inherit;
	}
	@media (max-width: 560px) {
		li {
			grid-template-columns: 1fr;
			gap: 0;
		}
	}
`;
