import { css } from 'lit';

export const appStyles = css`
	.head {
		display: flex;
		flex-wrap: wrap;
		align-items: center;
		justify-content: space-between;
		gap: 8px 24px;
	}
	h1 {
		font-size: 1.15em;
		font-weight: 600;
	}
	h1 .muted {
		font-weight: normal;
		margin-inline-end: 6px;
	}
	@media (max-width: 500px) {
		#advanced {
			flex-basis: 100%;
			text-align: start;
		}
		.bar .space {
			display: none;
		}
	}
	.notice ul {
		margin-top: 4px;
	}
	.notice .link {
		text-decoration: underline;
		color: inherit;
	}
`;
