import { hostname, userInfo } from 'node:os';
import * as vscode from 'vscode';
import { localZone } from '../../base/local-zone.ts';
import type { Surroundings } from '../../xml/file-name.ts';

/** What resolved values depend on, now. */
export function surroundings(version: string): Surroundings {
	return {
		now: new Date(),
		zone: localZone(),
		computerName: hostname(),
		userName: userName(),
		version,
		locale: vscode.env.language,
	};
}

function userName(): string {
	try {
		return userInfo().username;
	} catch {
		return ''; // a user that the system has no name for
	}
}
