/**
 * What the build makes `afterimage.mjs` of. It imports nothing at once, so that a Node that lacks what the program needs gets
 * as far as saying so: it would fail while it links the modules, and print their source.
 */

/** As `engines.node` in package.json. */
const least = { major: 22, minor: 15 };

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < least.major || (major === least.major && minor < least.minor)) {
	process.stderr.write(
		`Error: afterimage needs Node ${least.major}.${least.minor} or newer, this is ${process.versions.node} (${process.execPath})\n`,
	);
	process.exitCode = 1;
} else {
	await import('./main.ts');
}
