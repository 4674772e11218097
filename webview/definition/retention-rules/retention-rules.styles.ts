import { css } from 'lit';

export const retentionRulesStyles = css`
	section,
	.options {
		display: flex;
		flex-direction: column;
		gap: 8px;
	}
	.options {
		gap: 4px;
		margin-top: 4px;
	}
	section > afterimage-select {
		width: min(40em, 100%);
	}
	.rules {
		display: grid;
		grid-template-columns: max-content max-content max-content 10.5em minmax(0, 1fr);
		gap: 6px 12px;
		align-items: center;
	}
	.rule {
		display: contents;
	}
	.rules afterimage-select {
		width: 10.5em;
	}
	.why {
		font-size: 0.92em;
	}
	.low-space {
		gap: 4px 8px;
	}
	.low-space input {
		width: 5.5em;
	}
	@media (max-width: 640px) {
		.rules {
			grid-template-columns: max-content max-content max-content 1fr;
		}
		.why {
			grid-column: 1 / -1;
			margin-bottom: 6px;
		}
	}
	@media (max-width: 460px) {
		.rules {
			grid-template-columns: max-content max-content 1fr;
		}
		.rule vscode-checkbox {
			grid-column: 1 / -1;
		}
	}
`;
