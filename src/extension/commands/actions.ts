import { commands, type CommandId } from '../ids.ts';
import type { Services } from '../services.ts';
import { backupCommands } from './backups/backup-commands.ts';
import { backupFolderCommands } from './backups/backup-folder-commands.ts';
import { browseCommands } from './files/browse-commands.ts';
import { definitionCommands } from './definitions/definition-commands.ts';
import { diskCommands } from './disk-commands.ts';
import { filterCommands } from './backups/filter-backups.ts';
import { quickImage } from './definitions/quick-image.ts';
import type { Action } from './register.ts';
import { runCommands } from './run-commands.ts';
import { scheduleCommands } from './schedules/schedule-commands.ts';

/** What each command of the manifest does. */
export function actionsOf(services: Services): Readonly<Record<CommandId, Action>> {
	return {
		...diskCommands(services),
		[commands.quickImage]: () => quickImage(services),
		...definitionCommands(services),
		...scheduleCommands(services),
		...backupCommands(services),
		...backupFolderCommands(services),
		...filterCommands(services),
		...browseCommands(services),
		...runCommands(services),
	};
}
