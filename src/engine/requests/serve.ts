/** Serving disks of a backup as network block devices: requests and results of jobs. Plain data; sizes in bytes. */

export interface ServeRequest {
	/** Path of an image file of the backup. */
	readonly image: string;
	/** Number of the disk in the image; undefined = every disk. */
	readonly disk: number | undefined;
	readonly password: string | undefined;
	readonly place: ListenPlace;
}

/** Where clients connect. */
export type ListenPlace =
	| {
			readonly kind: 'socket';
			/** Undefined = in a folder that nobody else may enter, made for it. */
			readonly path: string | undefined;
	  }
	| {
			readonly kind: 'port';
			/** An address of this machine. */
			readonly address: string;
			/** 0 = one that the system chooses. */
			readonly port: number;
	  };

/** What is served, and where. */
export interface Served {
	/** Absolute path. */
	readonly image: string;
	/** Path of the socket; undefined where it is a port. */
	readonly socket: string | undefined;
	/** Undefined where several disks are served, so that a client has to name one. */
	readonly uri: string | undefined;
	readonly disks: readonly ServedDisk[];
}

export interface ServedDisk {
	/** Number of the disk in the image. */
	readonly disk: number;
	/** Name of the export. */
	readonly name: string;
	readonly uri: string;
	readonly size: number;
	/** Bytes of a logical sector. */
	readonly sectorSize: number;
	readonly partitions: readonly ServedPartition[];
}

export interface ServedPartition {
	/** Number of the partition in the image. */
	readonly partition: number;
	readonly name: string;
	readonly uri: string;
	readonly size: number;
	/** As the image names it. */
	readonly fileSystem: string;
	readonly label: string;
}

export interface ServeResult {
	/** Clients that chose an export. */
	readonly clients: number;
	/** Bytes that were sent to them. */
	readonly bytes: number;
	readonly seconds: number;
}
