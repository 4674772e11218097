/**
 * CRC-32 as of gzip (RFC 1952, section 8) of bytes that follow others of the sum `value`, 0 = none: `node:zlib` has it, `native` a
 * faster one. It finds what a medium or memory changed; nothing that somebody changed on purpose.
 */
export type Crc32 = (bytes: Uint8Array, value?: number) => number;
