import { css } from 'lit';

/** Declarations for what screen readers read and nobody sees. */
export const readNotSeen = css`
	position: absolute;
	width: 1px;
	height: 1px;
	overflow: hidden;
	clip-path: inset(50%);
	white-space: nowrap;
`;

/** What every element starts from: VS Code's fonts and colours, calm headings, visible focus, no motion where none is wanted. */
export const baseStyles = css`
	:host {
		display: block;
		color: var(--vscode-foreground);
		font-family: var(--vscode-font-family);
		font-size: var(--vscode-font-size, 13px);
		line-height: 1.45;
		color-scheme: var(--afterimage-scheme, light);
	}
	:host([hidden]),
	[hidden] {
		display: none !important;
	}
	* {
		box-sizing: border-box;
	}
	h1,
	h2,
	h3,
	p,
	ul,
	ol,
	dl,
	dd,
	fieldset,
	legend,
	figure {
		margin: 0;
		padding: 0;
		border: 0;
	}
	ul,
	ol {
		list-style: none;
	}
	h2 {
		font-size: 1.25em;
		font-weight: 600;
	}
	h3,
	legend {
		font-size: 1em;
		font-weight: 600;
	}
	code,
	.mono {
		font-family: var(--vscode-editor-font-family, monospace);
		font-size: 0.95em;
	}
	vscode-checkbox::part(control) {
		flex: none;
	}
	/* The library gives every button the border of primary ones, which makes others look focused in some themes. */
	vscode-button[appearance='secondary'] {
		--button-border: var(--vscode-button-secondaryBorder, var(--vscode-button-border, transparent));
		/* Where a theme has no colour, the library takes that of a dark one. */
		--button-secondary-hover-background: var(
			--vscode-button-secondaryHoverBackground,
			var(--vscode-button-secondaryBackground, transparent)
		);
	}
	@media (forced-colors: active) {
		/* The library fills its marks with a colour of the theme, which the system does not replace. */
		vscode-checkbox::part(checked-indicator) {
			fill: CanvasText;
		}
		vscode-checkbox::part(indeterminate-indicator) {
			forced-color-adjust: none;
			background: CanvasText;
		}
	}
	vscode-progress-ring {
		flex: none;
		width: 18px;
		height: 18px;
	}
	.muted {
		color: var(--vscode-descriptionForeground);
	}
	.row {
		display: flex;
		flex-wrap: wrap;
		align-items: center;
		gap: 8px;
	}
	.spread {
		justify-content: space-between;
	}
	.grow {
		width: 100%;
		min-width: 0;
	}
	:is(.row, .line) > .grow {
		flex: 1 1 16em;
		width: auto;
	}
	.hidden-text {
		${readNotSeen}
	}
	a,
	button.link {
		color: var(--vscode-textLink-foreground);
		background: none;
		border: 0;
		padding: 2px 0;
		font: inherit;
		cursor: pointer;
		text-decoration: none;
	}
	a:hover,
	button.link:hover {
		color: var(--vscode-textLink-activeForeground);
		text-decoration: underline;
	}
	:focus-visible {
		outline: 1px solid var(--vscode-focusBorder);
		outline-offset: 2px;
	}
	@media (prefers-reduced-motion: reduce) {
		* {
			transition: none !important;
			animation: none !important;
		}
	}
`;

/** Inputs that the control library lacks (dates, times, numbers, ranges), drawn like its own. */
export const inputStyles = css`
	input[type='date'],
	input[type='time'],
	input[type='number'] {
		height: 26px;
		padding: 0 8px;
		color: var(--vscode-input-foreground);
		background: var(--vscode-input-background);
		border: 1px solid var(--vscode-input-border, var(--vscode-settings-textInputBorder, transparent));
		border-radius: 2px;
		font: inherit;
		color-scheme: var(--afterimage-scheme, light);
	}
	input[type='number'] {
		width: 6.5em;
	}
	input:focus-visible {
		outline: 1px solid var(--vscode-focusBorder);
		outline-offset: -1px;
	}
	input:disabled {
		opacity: 0.5;
	}
	input:invalid {
		border-color: var(--vscode-inputValidation-errorBorder);
	}
	input[type='range'] {
		accent-color: var(--vscode-focusBorder);
		width: 100%;
		margin: 0;
	}
	label.field {
		display: flex;
		flex-direction: column;
		gap: 3px;
	}
`;

export const tableStyles = css`
	table {
		width: 100%;
		border-collapse: collapse;
		font-variant-numeric: tabular-nums;
	}
	th,
	td {
		padding: 4px 10px;
		text-align: start;
		vertical-align: middle;
		font-weight: normal;
	}
	thead th {
		color: var(--vscode-descriptionForeground);
		font-size: 0.92em;
		border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
	}
	tbody tr + tr > * {
		border-top: 1px solid color-mix(in srgb, var(--vscode-panel-border, transparent) 55%, transparent);
	}
	tbody tr:hover {
		background: var(--vscode-list-hoverBackground);
	}
	.number {
		text-align: end;
		white-space: nowrap;
	}
`;

/** A word or two about the thing beside them. */
export const chipStyles = css`
	.chip {
		display: inline-block;
		margin-inline-start: 4px;
		padding: 0 7px;
		border-radius: 9px;
		font-size: 0.85em;
		line-height: 17px;
		white-space: nowrap;
		color: var(--vscode-descriptionForeground);
		border: 1px solid var(--vscode-contrastBorder, color-mix(in srgb, var(--vscode-foreground) 22%, transparent));
	}
	.chip.accent {
		color: var(--vscode-foreground);
		border-color: var(--vscode-focusBorder);
	}
	.chip.warning {
		color: var(--vscode-foreground);
		border-color: var(--vscode-inputValidation-warningBorder, currentColor);
	}
`;

/** A message beside what it is about. */
export const noticeStyles = css`
	.notice {
		display: flex;
		gap: 8px;
		align-items: flex-start;
		padding: 6px 10px;
		border-radius: 3px;
		border: 1px solid var(--vscode-panel-border, transparent);
	}
	.notice afterimage-icon {
		flex: none;
		margin-top: 1px;
	}
	.quiet {
		display: flex;
		gap: 8px;
		font-size: 0.92em;
	}
	.quiet afterimage-icon {
		margin-top: 1px;
	}
	.notice.error {
		background: var(--vscode-inputValidation-errorBackground);
		border-color: var(--vscode-inputValidation-errorBorder);
		color: var(--vscode-inputValidation-errorForeground, var(--vscode-foreground));
	}
	.notice.warning {
		background: var(--vscode-inputValidation-warningBackground);
		border-color: var(--vscode-inputValidation-warningBorder);
		color: var(--vscode-inputValidation-warningForeground, var(--vscode-foreground));
	}
	.notice.information {
		background: var(--vscode-inputValidation-infoBackground);
		border-color: var(--vscode-inputValidation-infoBorder);
		color: var(--vscode-inputValidation-infoForeground, var(--vscode-foreground));
	}
`;

/** A modal dialog, or with the class `drawer` one that stands at the right edge. */
export const dialogStyles = css`
	dialog {
		color: var(--vscode-foreground);
		background: var(--vscode-editorWidget-background, var(--vscode-editor-background));
		border: 1px solid var(--vscode-editorWidget-border, var(--vscode-contrastBorder, transparent));
		border-radius: 4px;
		box-shadow: 0 4px 24px var(--vscode-widget-shadow, rgb(0 0 0 / 40%));
		padding: 0;
		width: min(34em, calc(100vw - 32px));
		max-height: calc(100vh - 32px);
		overflow: auto;
	}
	dialog::backdrop {
		background: rgb(0 0 0 / 35%);
	}
	dialog.drawer {
		margin: 0 0 0 auto;
		height: 100vh;
		max-height: 100vh;
		width: min(36em, 100vw);
		border-radius: 0;
		border-width: 0 0 0 1px;
	}
	dialog.drawer[open] {
		animation: slide 160ms ease-out;
	}
	@keyframes slide {
		from {
			transform: translateX(32px);
			opacity: 0;
		}
	}
	.dialog-body {
		display: flex;
		flex-direction: column;
		gap: 16px;
		padding: 16px 20px;
	}
	.dialog-title {
		display: flex;
		align-items: center;
		justify-content: space-between;
		gap: 8px;
		padding: 14px 20px 0;
	}
	.dialog-buttons {
		position: sticky;
		bottom: 0;
		display: flex;
		justify-content: flex-end;
		gap: 8px;
		padding: 12px 20px;
		background: inherit;
		border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
	}
`;
