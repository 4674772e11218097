import { css } from 'lit';
import { readNotSeen } from '../../shared/styles.ts';

export const propertiesStyles = css`
	h2 {
		font-size: 1.05em;
		overflow-wrap: anywhere;
	}
	.content {
		gap: 26px;
		max-width: 980px;
	}
	section {
		display: flex;
		flex-direction: column;
		gap: 10px;
	}
	dl {
		display: grid;
		grid-template-columns: max-content minmax(0, 1fr);
		gap: 4px 24px;
	}
	dt {
		color: var(--vscode-descriptionForeground);
	}
	dd {
		overflow-wrap: anywhere;
	}
	@media (max-width: 720px) {
		th.number {
			white-space: normal;
		}
	}
	/* Six columns have no room: a row becomes a list of its columns' names and values. */
	@media (max-width: 560px) {
		table,
		tbody,
		tbody tr {
			display: block;
		}
		thead {
			${readNotSeen}
		}
		tbody tr {
			padding: 6px 0;
		}
		tbody tr + tr {
			border-top: 1px solid color-mix(in srgb, var(--vscode-panel-border, transparent) 55%, transparent);
		}
		tbody tr + tr > *,
		tbody td {
			padding: 1px 0;
			border-top: 0;
		}
		tbody td {
			display: flex;
			justify-content: space-between;
			gap: 12px;
			font-weight: 600;
		}
		td[data-column] {
			font-weight: normal;
		}
		td[data-column]::before {
			content: attr(data-column);
			color: var(--vscode-descriptionForeground);
		}
	}
	.bars {
		display: flex;
		flex-direction: column;
		gap: 12px;
	}
	.track {
		display: flex;
		height: 12px;
		margin: 3px 0;
		border-radius: 3px;
		overflow: hidden;
		background: color-mix(in srgb, var(--vscode-foreground) 8%, transparent);
	}
	.changed {
		background: var(--vscode-charts-blue, #3794ff);
	}
	.new {
		background: var(--vscode-charts-green, #89d185);
	}
	.freed {
		background: repeating-linear-gradient(45deg, var(--vscode-charts-yellow, #cca700) 0 3px, transparent 3px 6px);
	}
	.legend {
		display: flex;
		flex-wrap: wrap;
		gap: 4px 14px;
	}
	.swatch {
		display: inline-block;
		width: 10px;
		height: 10px;
		border-radius: 2px;
	}
	details {
		display: flex;
		flex-direction: column;
		gap: 8px;
	}
	summary {
		cursor: pointer;
		font-weight: 600;
		padding: 2px 0;
	}
	pre {
		overflow: auto;
		max-height: 420px;
		margin: 8px 0 0;
		padding: 10px 12px;
		border-radius: 3px;
		background: var(--vscode-textCodeBlock-background);
		font-family: var(--vscode-editor-font-family, monospace);
		font-size: 0.92em;
	}
	@media (forced-colors: active) {
		.track,
		.swatch {
			border: 1px solid CanvasText;
		}
		.changed,
		.new,
		.freed {
			forced-color-adjust: none;
		}
	}
`;
