import { describe, expect, it } from 'vitest';
import { definitionOfImage } from '../../../src/cli/definition-of-image.ts';
import { defaultDefinition } from '../../../src/definition/defaults.ts';
import { toImageDefinition } from '../../../src/definition/image-definition.ts';

/** As Macrium Reflect on Windows writes it into an image. */
const macrium = {
	filename: 'B:\\vx\\D684BA87241263E2-demo-00-00.mrimgx',
	alternative_locations: ['\\\\nas\\images'],
	disks: [{ number: 4, partitions: [1], signature: '5D4001D3-7B31-4300-BED8-48C82AF9DE24' }],
	email: {
		...{ success_enable: true, success_recipients: 'me@example.com' },
		...{ failure_enable: true, failure_recipients: 'me@example.com; you@example.com' },
		...{ warning_enable: false, warning_recipients: 'nobody@example.com' },
	},
};

const noServer =
	'No mail server is named for me@example.com, you@example.com: name it as server of <email>, or in mail.json';

describe('what is left to complete in the definition of an image', () => {
	it('are its paths on another system, and the mail server, which no image of Macrium tells', () => {
		expect(definitionOfImage(macrium, 'demo', 'linux')).toMatchObject({
			valid: true,
			gaps: [
				'B:\\vx is a path of Windows: name one of this computer',
				'\\\\nas\\images is a path of Windows: name one of this computer',
				noServer,
			],
		});
		expect(definitionOfImage(macrium, 'demo', 'win32').gaps).toEqual([noServer]);
	});

	it('is nothing in a definition of this system without mail', () => {
		const of = (folder: string) => ({
			...macrium,
			filename: `${folder}/demo-00-00.mrimgx`,
			email: {},
			alternative_locations: [],
		});
		expect(definitionOfImage(of('/srv/images'), 'demo', 'linux').gaps).toEqual([]);
		expect(definitionOfImage(of('//nas/images'), 'demo', 'win32').gaps).toEqual([]);
		expect(definitionOfImage(of('/srv/images'), 'demo', 'win32').gaps).toEqual([
			'/srv/images is a path of Linux or macOS: name one of this computer',
		]);
	});

	it('are paths of scripts, raw files and the password, in images of ours', () => {
		const script = { arguments: [], timeLimit: 60, onFailure: 'warn' } as const;
		const base = defaultDefinition();
		const ours = {
			...base,
			name: 'PC',
			destination: { ...base.destination, folder: 'F:\\images' },
			sources: { ...base.sources, rawFiles: [{ path: 'D:\\disk.img', partitions: [] }] },
			scripts: { before: [{ ...script, path: 'C:\\a.cmd' }], after: [] },
			encryption: { ...base.encryption, aesType: 'aes-256', passwordSource: 'file', passwordName: 'C:\\key' } as const,
		};
		const carried = toImageDefinition(ours, { filename: 'E:\\x.mrimgx', definitionFile: '', disks: [] });
		const paths = definitionOfImage(carried, 'demo', 'linux').gaps.map((gap) => gap.split(' is a path')[0]);
		expect(paths).toEqual(['D:\\disk.img', 'F:\\images', 'C:\\a.cmd', 'C:\\key']);
	});
});
