import { css } from 'lit';
import { chipStyles } from '../../shared/styles.ts';

export const sourceDiskStyles = [
	chipStyles,
	css`
		section {
			display: flex;
			flex-direction: column;
			gap: 10px;
			padding: 12px 14px 8px;
			border: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
			border-radius: 4px;
			background: color-mix(in srgb, var(--vscode-foreground) 2.5%, transparent);
		}
		section.missing {
			border-style: dashed;
		}
		header {
			display: flex;
			flex-wrap: wrap;
			align-items: center;
			gap: 6px 8px;
		}
		header .name {
			display: flex;
			align-items: center;
			gap: 8px;
			min-width: 0;
		}
		header afterimage-icon {
			color: var(--vscode-descriptionForeground);
		}
		.title {
			font-weight: 600;
			overflow-wrap: anywhere;
		}
		.problem {
			display: flex;
			gap: 6px;
			margin-top: 2px;
			color: var(--vscode-descriptionForeground);
			font-size: 0.92em;
		}
		.problem afterimage-icon {
			color: var(--vscode-editorWarning-foreground);
			margin-top: 1px;
		}
		/* One disk's columns stand under those of the other. */
		@media (min-width: 900px) {
			table {
				table-layout: fixed;
			}
			.kind {
				width: 22%;
			}
			th.number {
				width: 15em;
			}
			th.select {
				width: 8em;
			}
		}
		.bar-column {
			width: 90px;
		}
		.bar {
			height: 6px;
			border-radius: 3px;
			overflow: hidden;
			background: color-mix(in srgb, var(--vscode-foreground) 14%, transparent);
		}
		.bar div {
			height: 100%;
			background: color-mix(in srgb, var(--vscode-foreground) 50%, transparent);
		}
		@media (forced-colors: active) {
			.bar {
				border: 1px solid CanvasText;
			}
			.bar div {
				forced-color-adjust: none;
				background: CanvasText;
			}
		}
	`,
];
