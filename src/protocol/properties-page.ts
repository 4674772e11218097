import type { ErrorRecord } from '../base/errors.ts';
import { object, oneOf, union, type Check } from './check.ts';
import type { CompareInfo, ImageInfo } from './backups.ts';

/** Messages between the page that shows a restore point and the extension. */

export type PropertiesToHost =
	| { readonly type: 'ready' }
	/** What changed since the point before: `compared` answers. */
	| { readonly type: 'compare' }
	| { readonly type: 'browse' }
	| { readonly type: 'restore' }
	| { readonly type: 'verify' }
	| { readonly type: 'copy-json' };

export type HostToProperties =
	| { readonly type: 'image'; readonly info: ImageInfo; readonly timeZone: string }
	| { readonly type: 'failed'; readonly error: ErrorRecord }
	| {
			readonly type: 'compared';
			readonly info: CompareInfo | undefined;
			readonly error: ErrorRecord | undefined;
	  };

/** The check of every message of the page. */
export const checkPropertiesMessage: Check<PropertiesToHost> = union('type', {
	ready: object({ type: oneOf('ready') }),
	compare: object({ type: oneOf('compare') }),
	browse: object({ type: oneOf('browse') }),
	restore: object({ type: oneOf('restore') }),
	verify: object({ type: oneOf('verify') }),
	'copy-json': object({ type: oneOf('copy-json') }),
});
