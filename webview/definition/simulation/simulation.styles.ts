import { css } from 'lit';
import { typeDotStyles } from '../../shared/type-dots.ts';

export const simulationStyles = [
	typeDotStyles,
	css`
		section {
			display: flex;
			flex-direction: column;
			gap: 8px;
		}
		.chart {
			display: flex;
			align-items: flex-end;
			gap: 1px;
			height: 56px;
			padding: 0 7px;
		}
		.chart div {
			flex: 1;
			min-height: 1px;
			background: color-mix(in srgb, var(--vscode-foreground) 30%, transparent);
		}
		.chart .purged {
			box-shadow: inset 0 2px 0 var(--vscode-charts-red, #f14c4c);
		}
		.chart .now {
			background: var(--vscode-focusBorder);
		}
		/* Drawn here: what browsers draw is white beside an accent that is dark. */
		input[type='range'] {
			appearance: none;
			height: 18px;
			background: none;
		}
		input[type='range']::-webkit-slider-runnable-track {
			height: 4px;
			border-radius: 2px;
			background: color-mix(in srgb, var(--vscode-foreground) 25%, transparent);
		}
		input[type='range']::-webkit-slider-thumb {
			appearance: none;
			width: 14px;
			height: 14px;
			margin-top: -5px;
			border-radius: 50%;
			background: var(--vscode-focusBorder);
		}
		.sets {
			display: flex;
			flex-direction: column;
			gap: 6px;
		}
		.sets li {
			display: flex;
			flex-direction: column;
			gap: 2px;
		}
		.set {
			display: flex;
			justify-content: space-between;
			gap: 8px;
		}
		.chain {
			display: flex;
			flex-wrap: wrap;
			gap: 3px;
		}
		.merged {
			border-style: double;
			border-width: 3px;
			line-height: 11px;
		}
		.removals {
			display: flex;
			flex-direction: column;
			gap: 6px;
			padding: 8px 10px;
			min-height: 36px;
			border-inline-start: 2px solid var(--vscode-panel-border, var(--vscode-contrastBorder, currentColor));
		}
		.small {
			font-size: 0.92em;
		}
		afterimage-select {
			width: 8em;
		}
		@media (forced-colors: active) {
			.chart div {
				forced-color-adjust: none;
				background: GrayText;
			}
			.chart .now {
				background: Highlight;
			}
			input[type='range']::-webkit-slider-runnable-track {
				forced-color-adjust: none;
				background: GrayText;
			}
			input[type='range']::-webkit-slider-thumb {
				forced-color-adjust: none;
				background: Highlight;
			}
		}
	`,
];
