/** Text that Markdown takes for nothing else. (VS Code's `appendText` keeps its words together, so that no line wraps.) */
export function escapeMarkdown(text: string): string {
	return text.replace(/[\\`*_{}[\]()#+\-.!|<>&~]/g, '\\$&');
}
