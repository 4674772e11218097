import { css } from 'lit';

/** A page of a webview: a head, what scrolls beneath it, and a bar of buttons that stays in sight. */
export const pageStyles = css`
	:host {
		display: flex;
		flex-direction: column;
		height: 100vh;
		min-height: 0;
		/* VS Code gives the body of a webview this much padding. */
		margin: 0 -20px;
	}
	.head {
		flex: none;
		display: flex;
		flex-wrap: wrap;
		align-items: center;
		justify-content: space-between;
		gap: 8px 24px;
		padding: 16px 28px 12px;
		border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
	}
	h1 {
		font-size: 1.15em;
		font-weight: 600;
		overflow-wrap: anywhere;
	}
	h1 .muted {
		font-weight: normal;
		margin-inline-end: 6px;
	}
	main {
		/* What is hidden by its place, such as captions for screen readers, scrolls with the rest and not the page itself. */
		position: relative;
		flex: 1 1 auto;
		min-height: 0;
		overflow: auto;
		padding: 18px 28px 28px;
		scrollbar-gutter: stable;
	}
	.content {
		max-width: 1180px;
		display: flex;
		flex-direction: column;
		gap: 16px;
	}
	main h2:focus {
		outline: none;
	}
	.bar {
		flex: none;
		display: flex;
		flex-wrap: wrap;
		align-items: center;
		justify-content: flex-end;
		gap: 8px;
		padding: 10px 28px;
		border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder, transparent));
		background: var(--vscode-editor-background);
	}
	.bar .space {
		flex: 1;
	}
	@media (max-width: 560px) {
		.head,
		main,
		.bar {
			padding-inline: 16px;
		}
	}
	/* Where there is little height, at 200 % zoom for one, the head scrolls away with the rest. */
	@media (max-height: 420px) {
		:host {
			height: auto;
			min-height: 100vh;
		}
		main {
			overflow: visible;
		}
	}
`;
