import { css } from 'lit';

export const schedulePoliciesStyles = css`
	:host {
		display: flex;
		flex-wrap: wrap;
		gap: 12px 20px;
	}
	.field {
		display: flex;
		flex-direction: column;
		gap: 3px;
		flex: 1 1 16em;
	}
	afterimage-select {
		width: 100%;
	}
	input.zone {
		height: 26px;
		padding: 0 8px;
		color: var(--vscode-input-foreground);
		background: var(--vscode-input-background);
		border: 1px solid var(--vscode-settings-dropdownBorder, var(--vscode-input-border, transparent));
		border-radius: 2px;
		font: inherit;
	}
	input.zone::placeholder {
		color: var(--vscode-input-placeholderForeground);
		opacity: 1;
	}
`;
