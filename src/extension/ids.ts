/** Every identifier that the manifest (package.json) and the code share; a test compares the two. */

export const commands = {
	refreshDisks: 'afterimage.refreshDisks',
	listDisksElevated: 'afterimage.listDisksElevated',
	addDiskFile: 'afterimage.addDiskFile',
	removeDiskFile: 'afterimage.removeDiskFile',
	imageSelectedDisks: 'afterimage.imageSelectedDisks',
	imageSystemPartitions: 'afterimage.imageSystemPartitions',
	imageDisk: 'afterimage.imageDisk',
	imagePartition: 'afterimage.imagePartition',

	newImage: 'afterimage.newImage',
	quickImage: 'afterimage.quickImage',
	refreshDefinitions: 'afterimage.refreshDefinitions',
	runBackup: 'afterimage.runBackup',
	runFull: 'afterimage.runFull',
	runIncremental: 'afterimage.runIncremental',
	runDifferential: 'afterimage.runDifferential',
	editAsForm: 'afterimage.editAsForm',
	editAsXml: 'afterimage.editAsXml',
	validateDefinition: 'afterimage.validateDefinition',
	openAtError: 'afterimage.openAtError',
	scheduleDefinition: 'afterimage.scheduleDefinition',
	duplicateDefinition: 'afterimage.duplicateDefinition',
	createShortcut: 'afterimage.createShortcut',
	generateScript: 'afterimage.generateScript',
	restrictPermissions: 'afterimage.restrictPermissions',
	deleteDefinition: 'afterimage.deleteDefinition',

	addBackupFolder: 'afterimage.addBackupFolder',
	removeBackupFolder: 'afterimage.removeBackupFolder',
	refreshBackups: 'afterimage.refreshBackups',
	filterBackups: 'afterimage.filterBackups',
	clearBackupFilter: 'afterimage.clearBackupFilter',
	verifyBackup: 'afterimage.verifyBackup',
	restoreBackup: 'afterimage.restoreBackup',
	mergeBackups: 'afterimage.mergeBackups',
	deleteBackup: 'afterimage.deleteBackup',
	revealBackup: 'afterimage.revealBackup',
	copyBackupPath: 'afterimage.copyBackupPath',
	showBackupProperties: 'afterimage.showBackupProperties',
	compareBackup: 'afterimage.compareBackup',
	browseBackup: 'afterimage.browseBackup',
	serveBackup: 'afterimage.serveBackup',
	mountBackup: 'afterimage.mountBackup',
	makeRescueMedium: 'afterimage.makeRescueMedium',

	extractFiles: 'afterimage.extractFiles',
	compareFileWithPrevious: 'afterimage.compareFileWithPrevious',
	compareFileWithDisk: 'afterimage.compareFileWithDisk',
	copyFilePath: 'afterimage.copyFilePath',
	openInWorkspace: 'afterimage.openInWorkspace',
	refreshFiles: 'afterimage.refreshFiles',
	closeFiles: 'afterimage.closeFiles',

	refreshRuns: 'afterimage.refreshRuns',
	cancelRun: 'afterimage.cancelRun',
	openLog: 'afterimage.openLog',
	showOutput: 'afterimage.showOutput',
	forgetPasswords: 'afterimage.forgetPasswords',
} as const;

export type CommandId = (typeof commands)[keyof typeof commands];

export const viewContainer = 'afterimage';

export const views = {
	disks: 'afterimage.disks',
	definitions: 'afterimage.definitions',
	backups: 'afterimage.backups',
	files: 'afterimage.files',
	runs: 'afterimage.runs',
} as const;

/** View types of the custom editor and the panels. */
export const editors = {
	definition: 'afterimage.definition',
	restore: 'afterimage.restore',
	properties: 'afterimage.properties',
} as const;

export const walkthrough = 'start';
export const taskType = 'afterimage';

/** Settings, without the leading `afterimage.`. */
export const settings = {
	definitionsFolder: 'definitionsFolder',
	backupFolders: 'backupFolders',
	diskFiles: 'diskFiles',
	elevation: 'elevation',
	defaultCompression: 'defaults.compression',
	defaultVerify: 'defaults.verify',
	defaultAes: 'defaults.aes',
	codeLens: 'editor.codeLens',
	inlayHints: 'editor.inlayHints',
	validationDelay: 'editor.validationDelay',
	notifications: 'runs.notifications',
	historyLimit: 'runs.historyLimit',
	statusBar: 'runs.statusBar',
	tasks: 'tasks.enabled',
} as const;

/** `contextValue` of tree items, which menus of the manifest test with `viewItem`. */
export const contexts = {
	disk: 'disk',
	diskFile: 'diskFile',
	partition: 'partition',
	definition: 'definition',
	brokenDefinition: 'brokenDefinition',
	schedule: 'schedule',
	backupFolder: 'backupFolder',
	backupSet: 'backupSet',
	backupFile: 'backupFile',
	backedUpPartition: 'backedUpPartition',
	backedUpFolder: 'backedUpFolder',
	backedUpFile: 'backedUpFile',
	backedUpLink: 'backedUpLink',
	backedUpOther: 'backedUpOther',
	runActive: 'runActive',
	runEnded: 'runEnded',
} as const;
