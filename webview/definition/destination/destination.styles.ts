import { css } from 'lit';

export const destinationStyles = css`
	section,
	.choice,
	.facts {
		display: flex;
		flex-direction: column;
		gap: 10px;
	}
	.facts {
		gap: 6px;
		margin-inline-start: 92px;
	}
	.line {
		display: flex;
		flex-wrap: wrap;
		align-items: center;
		gap: 8px;
		min-height: 28px;
	}
	.radio {
		display: inline-flex;
		align-items: center;
		gap: 8px;
		min-width: 84px;
	}
	.radio input {
		margin: 0;
		width: 16px;
		height: 16px;
		accent-color: var(--vscode-focusBorder);
	}
	@media (max-width: 560px) {
		.facts {
			margin-inline-start: 0;
		}
	}
`;
