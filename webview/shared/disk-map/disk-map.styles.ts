import { css } from 'lit';

export const diskMapStyles = css`
	:host {
		display: block;
		font-family: var(--vscode-font-family);
		--tint: var(--vscode-charts-blue, #3794ff);
	}
	.map {
		display: flex;
		gap: 3px;
		height: 48px;
	}
	.block {
		container-type: inline-size;
		position: relative;
		flex: 0 1 0;
		/* Of many on a narrow page each gives way, so that the last ones stay on it. */
		min-width: min(34px, calc(100% / var(--blocks) - 3px));
		overflow: hidden;
		border-radius: 3px;
		border: 1px solid var(--vscode-contrastBorder, color-mix(in srgb, var(--vscode-foreground) 28%, transparent));
		background: color-mix(in srgb, var(--vscode-foreground) 5%, transparent);
	}
	:host([pickable]) .partition {
		cursor: pointer;
	}
	.free {
		border-style: dashed;
		background: none;
		color: var(--vscode-descriptionForeground);
	}
	.fill {
		position: absolute;
		inset: 0 auto 0 0;
		background: color-mix(in srgb, var(--vscode-foreground) 14%, transparent);
	}
	.selected {
		border-color: var(--tint);
		background: color-mix(in srgb, var(--tint) 14%, transparent);
		box-shadow: inset 0 3px 0 var(--tint);
	}
	.selected .fill {
		background: color-mix(in srgb, var(--tint) 32%, transparent);
	}
	.danger {
		--tint: var(--vscode-charts-red, #f14c4c);
		border-color: var(--tint);
		box-shadow: inset 0 3px 0 var(--tint);
		background: color-mix(in srgb, var(--tint) 12%, transparent);
	}
	.danger .fill {
		background: color-mix(in srgb, var(--tint) 26%, transparent);
	}
	.words {
		position: relative;
		display: flex;
		flex-direction: column;
		justify-content: center;
		height: 100%;
		padding: 3px 7px 0;
		line-height: 1.3;
	}
	.words span {
		overflow: hidden;
		white-space: nowrap;
		text-overflow: ellipsis;
	}
	.title {
		font-weight: 600;
		font-size: 0.92em;
	}
	.short {
		display: none;
	}
	@container (max-width: 64px) {
		.words {
			align-items: center;
			padding-inline: 2px;
		}
		.words .title,
		.words .detail {
			display: none;
		}
		.words .short {
			display: block;
			font-weight: 600;
		}
	}
	@container (max-width: 18px) {
		.words .short {
			display: none;
		}
	}
	.detail {
		font-size: 0.85em;
	}
	@media (forced-colors: active) {
		.selected {
			border: 2px solid Highlight;
		}
		.fill {
			forced-color-adjust: none;
			background: GrayText;
			opacity: 0.5;
		}
		.selected .fill {
			background: Highlight;
			opacity: 0.35;
		}
	}
`;
