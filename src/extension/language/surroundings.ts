import { hostname, userInfo } from 'node:os';
import * as vscode from 'vscode';
import { localZone } from '../../base/local-zone.ts';
import type { Words } from '../../xml/words.ts';
import { formatBytes, formatCount, t } from '../l10n.ts';
import type { Surroundings } from '../../xml/file-name.ts';

/** The language of VS Code. */
export const words: Words = { t, size: formatBytes, count: formatCount };

/** What resolved values depend on, now. */
export function surroundings(version: string): Surroundings {
	return {
		now: new Date(),
		zone: localZone(),
		computerName: hostname(),
		userName: userName(),
		version,
		locale: vscode.env.language,
		words,
	};
}

function userName(): string {
	try {
		return userInfo().username;
	} catch {
		return ''; // a user that the system has no name for
	}
}
