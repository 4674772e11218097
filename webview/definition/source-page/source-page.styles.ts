import { css } from 'lit';

export const sourcePageStyles = css`
	:host {
		display: flex;
		flex-direction: column;
		gap: 24px;
	}
	section {
		display: flex;
		flex-direction: column;
		gap: 10px;
	}
	.total {
		text-align: end;
		padding-inline-end: 14px;
	}
`;
