import { css } from 'lit';

/** Letters in a coloured field for the three types of backup: the letter says it, the colour helps. */
export const typeDotStyles = css`
	.dot {
		display: inline-block;
		min-width: 16px;
		padding: 0 3px;
		border-radius: 3px;
		font-style: normal;
		font-weight: 600;
		font-size: 0.8em;
		line-height: 15px;
		text-align: center;
		color: var(--vscode-foreground);
		border: 1px solid var(--tint);
		background: color-mix(in srgb, var(--tint) 26%, transparent);
	}
	.full {
		--tint: var(--vscode-charts-blue, #3794ff);
	}
	.diff {
		--tint: var(--vscode-charts-yellow, #cca700);
	}
	.inc {
		--tint: var(--vscode-charts-green, #89d185);
	}
`;
