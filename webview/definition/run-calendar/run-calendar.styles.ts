import { css } from 'lit';
import { typeDotStyles } from '../../shared/type-dots.ts';

export const runCalendarStyles = [
	typeDotStyles,
	css`
		section {
			display: flex;
			flex-direction: column;
			gap: 8px;
		}
		.months {
			gap: 2px;
		}
		.months span {
			min-width: 9.5em;
			text-align: center;
		}
		.back {
			transform: scaleX(-1);
		}
		table {
			width: 100%;
			border-collapse: collapse;
			table-layout: fixed;
		}
		th {
			font-weight: normal;
			font-size: 0.85em;
			color: var(--vscode-descriptionForeground);
			padding-bottom: 2px;
		}
		td {
			height: 40px;
			padding: 2px 3px;
			vertical-align: top;
			text-align: center;
			border: 1px solid var(--vscode-contrastBorder, color-mix(in srgb, var(--vscode-foreground) 10%, transparent));
			overflow: hidden;
		}
		td.outside .day {
			color: color-mix(in srgb, var(--vscode-foreground) 70%, var(--vscode-editor-background));
		}
		td.today .day {
			outline: 1px solid var(--vscode-focusBorder);
			border-radius: 8px;
			padding: 0 4px;
			font-weight: 600;
		}
		.day {
			display: block;
			width: fit-content;
			margin: 0 auto 1px;
			font-size: 0.85em;
			line-height: 16px;
		}
		.dots {
			display: flex;
			flex-wrap: wrap;
			justify-content: center;
			gap: 2px;
		}
		.legend {
			display: flex;
			flex-wrap: wrap;
			gap: 4px 14px;
			font-size: 0.92em;
		}
		.runs {
			display: flex;
			flex-direction: column;
			gap: 4px;
		}
		.runs li {
			display: flex;
			gap: 8px;
			align-items: baseline;
		}
	`,
];
