/** Numbers of the NBD protocol (NetworkBlockDevice/nbd, doc/proto.md), under its own names. */

/** ASCII `NBDMAGIC` and `IHAVEOPT`. */
export const serverMagic = 0x4e42444d41474943n;
export const optionMagic = 0x49484156454f5054n;
export const optionReplyMagic = 0x3e889045565a9n;
export const requestMagic = 0x25609513;
export const simpleReplyMagic = 0x67446698;
export const structuredReplyMagic = 0x668e33ef;

/** What the server and the client say first; the client's are the same bits. */
export const HandshakeFlag = { fixedNewstyle: 1 << 0, noZeroes: 1 << 1 } as const;

export const TransmissionFlag = {
	hasFlags: 1 << 0,
	readOnly: 1 << 1,
	sendFlush: 1 << 2,
	sendDf: 1 << 7,
	canMultiConn: 1 << 8,
	sendCache: 1 << 10,
} as const;

export const Option = {
	exportName: 1,
	abort: 2,
	list: 3,
	info: 6,
	go: 7,
	structuredReply: 8,
	listMetaContext: 9,
	setMetaContext: 10,
} as const;

export const OptionReply = {
	ack: 1,
	server: 2,
	info: 3,
	metaContext: 4,
	errUnsupported: 0x8000_0001,
	errInvalid: 0x8000_0003,
	errUnknown: 0x8000_0006,
	errShutdown: 0x8000_0007,
} as const;

export const Info = { export: 0, name: 1, description: 2, blockSize: 3 } as const;

export const Command = {
	read: 0,
	write: 1,
	disconnect: 2,
	flush: 3,
	trim: 4,
	cache: 5,
	writeZeroes: 6,
	blockStatus: 7,
} as const;

/** Wishes of a client for one command: the reply in one piece; one extent alone. */
export const CommandFlag = { dontFragment: 1 << 2, requestOne: 1 << 3 } as const;

export const Chunk = {
	none: 0,
	offsetData: 1,
	offsetHole: 2,
	blockStatus: 5,
	error: 0x8001,
	errorOffset: 0x8002,
} as const;

export const chunkDone = 1 << 0;

/** Of the metadata context `base:allocation`. */
export const State = { hole: 1 << 0, zero: 1 << 1 } as const;

export const NbdError = {
	notPermitted: 1,
	io: 5,
	invalid: 22,
	overflow: 75,
	shutdown: 108,
} as const;
