import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runDefinition } from '../../../../../src/engine/definition-run/run-definition.ts';
import type { DefinitionRunRequest } from '../../../../../src/engine/requests/definition.ts';
import { definitionText, type DefinitionParts } from '../../../../support/definition-text.ts';
import { FakeMachine } from '../../../../support/fakes/fake-context.ts';
import { FakeRunPorts } from '../../../../support/fakes/fake-run-ports.ts';
import { sampleDisk, sampleDiskGuid } from '../../../../support/fakes/sample-disk.ts';
import { tempFolder } from '../../../../support/temp-folder.ts';

const disk = `<disk signature="${sampleDiskGuid}" model="Memory"/>`;

type Parts = Partial<Pick<DefinitionParts, 'sources' | 'bootPartitions' | 'destination' | 'more'>>;

/** A machine with one disk, a definition of it, and a folder for its images. */
export function setUp(parts: Parts = {}) {
	const source = sampleDisk('/dev/fake');
	const machine = new FakeMachine(source);
	const ports = new FakeRunPorts();
	const folder = tempFolder();
	const images = join(folder, 'images');
	mkdirSync(images);
	const definition = join(folder, 'pc.xml');
	const write = ({ sources = disk, more = '', ...others }: Parts) => {
		const all = `${more}<intelligent_sector_copy>false</intelligent_sector_copy>`;
		writeFileSync(definition, definitionText({ name: 'My PC', folder: images, sources, more: all, ...others }));
	};
	write(parts);
	const titles: string[] = [];
	const run = (request: Partial<DefinitionRunRequest> = {}) =>
		runDefinition(
			{ definition, type: 'auto', password: undefined, interactive: false, ...request },
			machine.context,
			ports,
			{ logPath: '/runs/1.log', onTitle: (title) => titles.push(title) },
		);
	const said = () => machine.logs.map(({ level, message }) => (level === 'warning' ? `! ${message}` : message));
	return { source, machine, ports, folder, images, definition, write, run, said, titles };
}
