/** Tells native inputs whether they stand on a light or a dark ground, as the theme that VS Code names on the page has it. */
export function followTheme(): void {
	const apply = () => {
		const { classList } = document.body;
		const light = classList.contains('vscode-light') || classList.contains('vscode-high-contrast-light');
		document.documentElement.style.setProperty('--afterimage-scheme', light ? 'light' : 'dark');
	};
	apply();
	new MutationObserver(apply).observe(document.body, { attributeFilter: ['class'] });
}
