import { css } from 'lit';

export const templatePickerStyles = css`
	section {
		display: flex;
		flex-direction: column;
		gap: 8px;
	}
	afterimage-select {
		width: min(24em, 100%);
	}
	.small {
		font-size: 0.92em;
	}
`;
