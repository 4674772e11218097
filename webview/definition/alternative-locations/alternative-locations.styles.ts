import { css } from 'lit';

export const alternativeLocationsStyles = css`
	[role='group'] {
		display: flex;
		flex-direction: column;
		gap: 8px;
		align-items: flex-start;
		padding: 10px 12px;
		border-inline-start: 2px solid var(--vscode-panel-border, var(--vscode-contrastBorder, currentColor));
	}
	ol {
		display: flex;
		flex-direction: column;
		gap: 6px;
		width: 100%;
	}
	li {
		flex-wrap: nowrap;
		gap: 4px;
	}
	.place {
		width: 1.4em;
		color: var(--vscode-descriptionForeground);
	}
`;
