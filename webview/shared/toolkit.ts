import {
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
