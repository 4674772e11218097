import { css } from 'lit';

export const scheduleDialogStyles = css`
	.grid {
		display: grid;
		grid-template-columns: 9em minmax(0, 1fr);
		gap: 10px 12px;
		align-items: center;
	}
	.grid > input {
		justify-self: start;
	}
	afterimage-select {
		width: min(21em, 100%);
	}
	/* Two of them and the gap between are as wide as one alone. */
	.row afterimage-select {
		width: calc(10.5em - 4px);
	}
	.days {
		display: flex;
		flex-wrap: wrap;
		gap: 2px 12px;
	}
	.preview {
		padding: 8px 12px;
		border-inline-start: 2px solid var(--vscode-focusBorder);
		background: var(--vscode-textCodeBlock-background);
	}
	@media (max-width: 420px) {
		.grid {
			grid-template-columns: 1fr;
			gap: 4px;
		}
	}
`;
