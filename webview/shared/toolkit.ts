import {
	Checkbox,
	TextArea,
	TextField,
	provideVSCodeDesignSystem,
	vsCodeButton,
	vsCodeCheckbox,
	vsCodeDivider,
	vsCodeDropdown,
	vsCodeLink,
	vsCodeOption,
	vsCodeProgressRing,
	vsCodeRadio,
	vsCodeRadioGroup,
	vsCodeTextArea,
	vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { IconElement } from './icon/icon.ts';
import { SelectElement } from './select/select.ts';

/**
 * The one place that knows which component library draws the controls: `vscode-button`, `vscode-text-field` and their
 * kin. Another library that defines the same tags can take its place here.
 */
export function registerControls(): void {
	for (const control of [Checkbox, TextArea, TextField]) keepNames(control.prototype);
	provideVSCodeDesignSystem().register(
		vsCodeButton(),
		vsCodeCheckbox(),
		vsCodeDivider(),
		vsCodeDropdown(),
		vsCodeLink(),
		vsCodeOption(),
		vsCodeProgressRing(),
		vsCodeRadio(),
		vsCodeRadioGroup(),
		vsCodeTextArea(),
		vsCodeTextField(),
	);
	customElements.define('afterimage-icon', IconElement);
	customElements.define('afterimage-select', SelectElement);
}

/** The library calls a control without text "Checkbox" or "Text field" once it is in the page, whatever its name was. */
function keepNames(control: HTMLElement & { connectedCallback: () => void }): void {
	const connect = control.connectedCallback;
	control.connectedCallback = function (this: typeof control) {
		const name = this.getAttribute('aria-label');
		connect.call(this);
		if (name !== null) this.setAttribute('aria-label', name);
	};
}
