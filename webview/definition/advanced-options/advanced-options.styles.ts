import { css } from 'lit';

export const advancedOptionsStyles = css`
	.dialog-body {
		gap: 22px;
	}
	section {
		display: flex;
		flex-direction: column;
		gap: 8px;
	}
	.stack {
		display: flex;
		flex-direction: column;
		gap: 4px;
	}
	.indent {
		padding-inline-start: 24px;
		margin-bottom: 4px;
	}
	.grid {
		display: grid;
		grid-template-columns: 10em minmax(0, 1fr);
		gap: 8px 12px;
		align-items: center;
	}
	.nowrap {
		flex-wrap: nowrap;
	}
	.radio {
		display: inline-flex;
		align-items: center;
		gap: 8px;
		min-height: 26px;
	}
	.radio input {
		margin: 0;
		width: 16px;
		height: 16px;
		accent-color: var(--vscode-focusBorder);
	}
	.grid afterimage-select {
		width: 100%;
	}
	@media (max-width: 420px) {
		.grid {
			grid-template-columns: 1fr;
		}
	}
`;
