import { css } from 'lit';

export const appStyles = css`
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
