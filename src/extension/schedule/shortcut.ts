/** Types of a backup that a link may ask for. */
export const linkTypes = ['auto', 'full', 'inc', 'diff'] as const;
export type LinkType = (typeof linkTypes)[number];

export interface RunLink {
	readonly definition: string;
	readonly type: LinkType;
}

/** The link that opens VS Code and offers to run a definition. @param scheme that of the product, such as `vscode` */
export function runLink(scheme: string, { definition, type }: RunLink): string {
	const query = new URLSearchParams({ definition, type }).toString().replaceAll('+', '%20');
	return `${scheme}://afterimage.afterimage/run?${query}`;
}

/** What a link asks for; undefined when it is none of ours. @param path and query as VS Code hands them over, decoded or not */
export function parseRunLink(path: string, query: string): RunLink | undefined {
	if (path !== '/run') return undefined;
	const parameters = new URLSearchParams(query);
	const definition = parameters.get('definition');
	const type = linkTypes.find((known) => known === (parameters.get('type') ?? 'auto'));
	if (definition === null || definition === '' || type === undefined) return undefined;
	return { definition, type };
}

export interface ShortcutFile {
	readonly extension: 'desktop' | 'url' | 'webloc';
	readonly text: string;
	/** The file is a program that its owner may run. */
	readonly executable: boolean;
}

/** A file for the desktop that opens the link. */
export function shortcutFile(platform: NodeJS.Platform, name: string, link: string): ShortcutFile {
	if (platform === 'win32') {
		return { extension: 'url', text: `[InternetShortcut]\r\nURL=${link}\r\n`, executable: false };
	}
	if (platform === 'darwin') {
		const url = link.replaceAll('&', '&amp;');
		const text = `<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0">
<dict>
	<key>URL</key>
	<string>${url}</string>
</dict>
</plist>
`;
		return { extension: 'webloc', text, executable: false };
	}
	// Desktop Entry Specification: a percent sign of Exec is doubled, the argument quoted.
	const text = `[Desktop Entry]
Type=Application
Version=1.0
Name=${name.replace(/\s+/g, ' ')}
Comment=Make a backup with Afterimage
Icon=drive-harddisk
Exec=xdg-open "${link.replaceAll('%', '%%')}"
Terminal=false
Categories=Utility;Archiving;
`;
	return { extension: 'desktop', text, executable: true };
}
