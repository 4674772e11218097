import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { busy } from './fields.ts';
import { connectHost, type Host } from './host.ts';
import { pageStyles } from './page-styles.ts';
import { baseStyles, noticeStyles } from './styles.ts';

/** What stands in the frame of a page. */
export interface PageParts {
	readonly head: TemplateResult;
	/** What scrolls between head and bar. */
	readonly content: TemplateResult;
	/** Buttons that stay in sight; left out where a page has none. */
	readonly bar?: { readonly label: string; readonly buttons: TemplateResult } | undefined;
	/** Dialogs and drawers over the page. */
	readonly above?: unknown;
}

/** The whole of a webview: talks with the extension while it is in the page, and draws its parts in one frame. */
export abstract class PageElement<ToHost, FromHost, State> extends LitElement {
	static readonly frameStyles = [baseStyles, noticeStyles, pageStyles];

	protected readonly host: Host<ToHost, FromHost, State> = connectHost();
	#stopListening: (() => void) | undefined;

	protected abstract receive(message: FromHost): void;

	/** What is asked of the extension when the page opens. */
	protected abstract opening(): readonly ToHost[];

	override connectedCallback(): void {
		super.connectedCallback();
		this.#stopListening = this.host.listen((message) => this.receive(message));
		for (const message of this.opening()) this.host.post(message);
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		this.#stopListening?.();
	}

	protected frame({ head, content, bar, above }: PageParts): TemplateResult {
		return html`<header class="head">${head}</header>
			<main><div class="content">${content}</div></main>
			${bar === undefined ? nothing : html`<footer class="bar" aria-label=${bar.label}>${bar.buttons}</footer>`}
			${above ?? nothing}`;
	}

	/** The page until what it shows has come. @param text what it waits for */
	protected waiting(text: string): TemplateResult {
		return html`<main aria-busy="true">${busy(text)}</main>`;
	}

	/** Moves the focus once what is drawn next is in the page. */
	protected focusOn(selector: string): void {
		void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(selector)?.focus());
	}
}
