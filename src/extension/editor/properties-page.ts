import * as vscode from 'vscode';
import { toErrorRecord } from '../../base/errors.ts';
import { localZone } from '../../base/local-zone.ts';
import type { ImageInfo } from '../../protocol/backups.ts';
import {
	checkPropertiesMessage,
	type HostToProperties,
	type PropertiesToHost,
} from '../../protocol/properties-page.ts';
import { inspect } from '../commands/backups/inspect-image.ts';
import type { ChosenBackup } from '../commands/backups/choose-backup.ts';
import { commands, editors } from '../ids.ts';
import type { Services } from '../services.ts';
import { openPanel } from './page-panel.ts';

/** Opens the page of a restore point: what it holds, and what changed since the one before. */
export function openPropertiesPage(services: Services, { file }: ChosenBackup, given?: vscode.WebviewPanel): void {
	const { engines } = services;
	const options = { viewType: editors.properties, app: 'properties', title: file.name };
	openPanel<PropertiesToHost, HostToProperties>(
		services,
		options,
		(post) => {
			let info: ImageInfo | undefined;
			const compare = async () => {
				try {
					const compared = await (await engines.get('user')).request('image/compare', { file: file.path });
					post({ type: 'compared', info: compared, error: undefined });
				} catch (error) {
					post({ type: 'compared', info: undefined, error: toErrorRecord(error) });
				}
			};
			return {
				check: checkPropertiesMessage,
				async act(message) {
					switch (message.type) {
						case 'ready':
							try {
								info = await inspect(services, file.path);
								post({ type: 'image', info, timeZone: localZone() });
							} catch (error) {
								post({ type: 'failed', error: toErrorRecord(error) });
							}
							return;
						case 'compare':
							return compare();
						case 'browse':
							return void (await vscode.commands.executeCommand(commands.browseBackup, file.path));
						case 'restore':
							return void (await vscode.commands.executeCommand(commands.restoreBackup, file.path));
						case 'verify':
							return void (await vscode.commands.executeCommand(commands.verifyBackup, file.path));
						case 'copy-json':
							return vscode.env.clipboard.writeText(JSON.stringify(info?.json, undefined, 2));
					}
				},
			};
		},
		given,
	);
}
