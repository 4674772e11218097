import { accessSync, constants } from 'node:fs';

/** Whether this user may read a file; `denied` also where its folder may not be entered. */
export function accessTo(path: string): 'yes' | 'denied' | 'gone' {
	try {
		accessSync(path, constants.R_OK);
		return 'yes';
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EACCES' ? 'denied' : 'gone';
	}
}
