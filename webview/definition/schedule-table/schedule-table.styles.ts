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
		display: flex;
		justify-content: center;
		margin: 0;
	}
	input[type='radio'] {
		display: block;
		margin: 0 auto;
		accent-color: var(--vscode-focusBorder);
	}
	.buttons {
		display: flex;
		flex-direction: column;
		gap: 6px;
	}
	.buttons > * {
		width: 100%;
	}
	@media (max-width: 560px) {
		.table-and-buttons {
			grid-template-columns: 1fr;
		}
		.buttons {
			flex-flow: row wrap;
		}
		.buttons > * {
			width: auto;
		}
	}
`;
