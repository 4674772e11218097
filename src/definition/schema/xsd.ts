// Made by scripts/generate-schema.ts from schema/backup-definition.xsd; a test holds it to be fresh.

/** Text of the XML Schema of backup definitions. */
export const definitionXsd = String.raw`<?xml version="1.0" encoding="UTF-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
	xmlns="https://afterimage.dev/schema/backup-definition/1"
	targetNamespace="https://afterimage.dev/schema/backup-definition/1"
	elementFormDefault="qualified"
	version="1.0">
	<xs:annotation>
		<xs:documentation>A backup definition: what is imaged, where to, when, and how long the images are kept. Names that the image format publishes for the definition inside an image are used as they are there; the rest is Afterimage's own. What is left out has the default that its documentation names.</xs:documentation>
	</xs:annotation>

	<xs:element name="backup_definition" type="backup_definition">
		<xs:annotation>
			<xs:documentation>A backup definition. Its parts may come in any order.</xs:documentation>
		</xs:annotation>
	</xs:element>

	<xs:complexType name="backup_definition">
		<xs:all>
			<xs:element name="name" type="title">
				<xs:annotation>
					<xs:documentation>A meaningful name for this definition. It is shown in lists and logs, and {DEFNAME} stands for it in file names.</xs:documentation>
				</xs:annotation>
			</xs:element>
			<xs:element name="comment" type="xs:string" minOccurs="0" default="">
				<xs:annotation>
					<xs:documentation>A remark for people. It is stored in every image that this definition makes.</xs:documentation>
				</xs:annotation>
			</xs:element>
			<xs:element name="sources" type="sources">
				<xs:annotation>
					<xs:documentation>The disks and partitions that are imaged.</xs:documentation>
				</xs:annotation>
			</xs:element>
			<xs:element name="destination" type="destination">
				<xs:annotation>
					<xs:documentation>Where the images are written and what they are called.</xs:documentation>
				</xs:annotation>
			</xs:element>
			<xs:element name="backup_type" type="requested_type" minOccurs="0" default="auto">
				<xs:annotation>
					<xs:documentation>The type that is made when a run does not name one: auto makes an incremental where a matching backup set exists, and a full otherwise.</xs:documentation>
				</xs:annotation>
			</xs:element>
			<xs:element name="compression_level" type="compression_level" minOccurs="0" default="medium">
				<xs:annotation>
					<xs:documentation>How strongly blocks are compressed.</xs:documentation>
				</xs:annotation>
			</xs:element>
			<xs:element name="encryption" type="encryption" minOccurs="0">
				<xs:annotation>
					<xs:documentation>Encryption of the images. The password itself never stands in a definition, only where it comes from.</xs:documentation>
				</xs:annotation>
			</xs:element>
			<xs:element name="file_size_limit" type="size" minOccurs="0">
				<xs:annotation>
					<xs:documentation>Split the backup into files of at most this size, such as 4 GB. Left out, files are as large as the destination allows (FAT32: 4 GB). Incrementals of a set with split files are never merged.</xs:documentation>
				</xs:annotation>
			</xs:element>
			<xs:element name="intelligent_sector_copy" type="xs:boolean" minOccurs="0" default="true">
				<xs:annotation>
					<xs:documentation>Whether only the blocks that the file system uses are copied, leaving out the contents of page files, hibernation files and swap. When false, every sector is copied (a forensic copy).</xs:documentation>
				</xs:annotation>
			</xs:element>
			<xs:element name="auto_verify" type="xs:boolean" minOccurs="0" default="false">
				<xs:annotation>
					<xs:documentation>Whether the image is read back and every block compared with its checksum once it is written.</xs:documentation>
				</xs:annotation>
			</xs:element>
			<xs:element name="reverify_after_days" type="verification_age" minOccurs="0" default="0">
				<xs:annotation>
					<xs:documentation>After how many days a backup is verified again, so that a medium that loses data is noticed while there is another copy. After each successful backup those of the same partitions in its folder are read that were not verified for so long, the longest ago first; a run begins none after six hours, and leaves the rest to the next. When one is damaged the run fails. 0: they are never verified again.</xs:documentation>
				</xs:annotation>
			</xs:element>
			<xs:element name="check_filesystem" type="xs:boolean" minOccurs="0" default="false">
				<xs:annotation>
					<xs:documentation>Whether the file systems are checked before they are imaged.</xs:documentation>
				</xs:annotation>
			</xs:element>
			<xs:element name="cpu_priority" type="cpu_priority" minOccurs="0" default="below_normal">
				<xs:annotation>
					<xs:documentation>Priority of the backup among the programs that run at the same time.</xs:documentation>
				</xs:annotation>
			</xs:element>
			<xs:element name="rate_limit" type="rate_limit" minOccurs="0" default="-1">
				<xs:annotation>
					<xs:documentation>How many KB a second are written to the destination at most; -1 for no limit.</xs:documentation>
				</xs:annotation>
			</xs:element>
			<xs:element name="power_saving" type="xs:boolean" minOccurs="0" default="false">
				<xs:annotation>
					<xs:documentation>Whether the computer may go to sleep while the backup runs. When false it is kept awake.</xs:documentation>
				</xs:annotation>
			</xs:element>
			<xs:element name="post_backup_shutdown" type="post_backup_shutdown" minOccurs="0">
				<xs:annotation>
					<xs:documentation>What the computer does after a backup that succeeded.</xs:documentation>
				</xs:annotation>
			</xs:element>
			<xs:element name="scheduling" type="scheduling" minOccurs="0">
				<xs:annotation>
					<xs:documentation>When backups run by themselves.</xs:documentation>
				</xs:annotation>
			</xs:element>
			<xs:element name="disk_space_management" type="disk_space_management" minOccurs="0">
				<xs:annotation>
					<xs:documentation>The retention rules: which backups are kept, merged and deleted. Left out, nothing is ever deleted.</xs:documentation>
				</xs:annotation>
			</xs:element>
			<xs:element name="scripts" type="scripts" minOccurs="0">
				<xs:annotation>
					<xs:documentation>Programs that run before and after the backup.</xs:documentation>
				</xs:annotation>
			</xs:element>
			<xs:element name="email" type="email" minOccurs="0">
				<xs:annotation>
					<xs:documentation>Mail that is sent when a backup succeeds, warns or fails.</xs:documentation>
				</xs:annotation>
			</xs:element>
		</xs:all>
	</xs:complexType>

	<xs:complexType name="sources">
		<xs:choice minOccurs="0" maxOccurs="unbounded">
			<xs:element name="disk" type="disk">
				<xs:annotation>
					<xs:documentation>A disk of this computer, found by its signature wherever it is attached.</xs:documentation>
				</xs:annotation>
			</xs:element>
			<xs:element name="raw_file" type="raw_file">
				<xs:annotation>
					<xs:documentation>A file that holds a disk sector by sector, imaged as if it were a disk.</xs:documentation>
				</xs:annotation>
			</xs:element>
		</xs:choice>
		<xs:attribute name="boot_partitions" type="xs:boolean" default="false">
			<xs:annotation>
				<xs:documentation>Whether the partitions that are required to boot and run the operating system are imaged, hidden system partitions included. Which ones they are is found out at each run.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
	</xs:complexType>

	<xs:complexType name="disk">
		<xs:sequence>
			<xs:element name="partition" type="partition" minOccurs="0" maxOccurs="unbounded">
				<xs:annotation>
					<xs:documentation>A partition to image. A disk without any is imaged with all the partitions it has when the backup runs.</xs:documentation>
				</xs:annotation>
			</xs:element>
		</xs:sequence>
		<xs:attribute name="signature" type="disk_signature" use="required">
			<xs:annotation>
				<xs:documentation>What identifies the disk: the disk GUID of a GPT disk, or the 8 hexadecimal digits of an MBR disk's signature.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="number" type="xs:nonNegativeInteger">
			<xs:annotation>
				<xs:documentation>Number of the disk when the definition was written: a hint for people. The signature alone decides.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="model" type="xs:string">
			<xs:annotation>
				<xs:documentation>Model of the disk when the definition was written: a hint for people.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
	</xs:complexType>

	<xs:complexType name="raw_file">
		<xs:sequence>
			<xs:element name="partition" type="partition" minOccurs="0" maxOccurs="unbounded">
				<xs:annotation>
					<xs:documentation>A partition to image. A file without any is imaged with all its partitions.</xs:documentation>
				</xs:annotation>
			</xs:element>
		</xs:sequence>
		<xs:attribute name="path" type="path" use="required">
			<xs:annotation>
				<xs:documentation>Full path of the file.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
	</xs:complexType>

	<xs:complexType name="partition">
		<xs:attribute name="number" type="xs:nonNegativeInteger" use="required">
			<xs:annotation>
				<xs:documentation>Number of the partition on its disk.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="offset" type="xs:nonNegativeInteger">
			<xs:annotation>
				<xs:documentation>Where the partition begins on the disk, in bytes. When given, a partition that begins elsewhere is not the one that was meant, and the run stops.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="label" type="xs:string">
			<xs:annotation>
				<xs:documentation>Label of the volume when the definition was written: a hint for people.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
	</xs:complexType>

	<xs:complexType name="destination">
		<xs:sequence>
			<xs:choice>
				<xs:element name="folder" type="path">
					<xs:annotation>
						<xs:documentation>The folder that images are written to: on a local drive or a network share, never on a partition that is imaged.</xs:documentation>
					</xs:annotation>
				</xs:element>
				<xs:element name="optical_drive" type="path">
					<xs:annotation>
						<xs:documentation>A CD or DVD burner to write to instead of a folder, as definitions of Macrium Reflect may have it. A run refuses it: nothing is burnt yet.</xs:documentation>
					</xs:annotation>
				</xs:element>
			</xs:choice>
			<xs:element name="alternative_locations" type="alternative_locations" minOccurs="0">
				<xs:annotation>
					<xs:documentation>Folders that are tried in their order when the destination folder cannot be reached: for drives that are swapped, or as a safeguard. Each keeps its own backup sets.</xs:documentation>
				</xs:annotation>
			</xs:element>
			<xs:element name="filename_template" type="filename_template" minOccurs="0" default="">
				<xs:annotation>
					<xs:documentation>A name of your own for the image files, which may contain parameters such as {COMPUTERNAME} or {DATE}. Empty, the image id alone names the files, as is recommended.</xs:documentation>
				</xs:annotation>
			</xs:element>
			<xs:element name="prefix_unique" type="xs:boolean" minOccurs="0" default="true">
				<xs:annotation>
					<xs:documentation>Whether the file name begins with the image id, so that no two backup sets can collide.</xs:documentation>
				</xs:annotation>
			</xs:element>
		</xs:sequence>
	</xs:complexType>

	<xs:complexType name="alternative_locations">
		<xs:sequence>
			<xs:element name="folder" type="path" maxOccurs="unbounded">
				<xs:annotation>
					<xs:documentation>A folder to use when those before it cannot be reached.</xs:documentation>
				</xs:annotation>
			</xs:element>
		</xs:sequence>
	</xs:complexType>

	<xs:complexType name="encryption">
		<xs:attribute name="aes_type" type="aes_type" default="none">
			<xs:annotation>
				<xs:documentation>The cipher, or none for images that anybody can read.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="password_source" type="password_source" default="prompt">
			<xs:annotation>
				<xs:documentation>Where the password comes from when the backup runs.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="password_name" type="path">
			<xs:annotation>
				<xs:documentation>Name of the stored secret, name of the environment variable, or path of the file, as password_source has it.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
	</xs:complexType>

	<xs:complexType name="post_backup_shutdown">
		<xs:attribute name="enable" type="xs:boolean" default="false">
			<xs:annotation>
				<xs:documentation>Whether anything is done after the backup.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="level" type="shutdown_level" default="none">
			<xs:annotation>
				<xs:documentation>What is done.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="force" type="xs:boolean" default="false">
			<xs:annotation>
				<xs:documentation>Whether programs that object are closed all the same.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
	</xs:complexType>

	<xs:complexType name="scheduling">
		<xs:sequence>
			<xs:element name="schedule" type="schedule" minOccurs="0" maxOccurs="unbounded">
				<xs:annotation>
					<xs:documentation>One schedule: a type of backup and when it runs. Of schedules at the same minute only one runs: full before differential before incremental.</xs:documentation>
				</xs:annotation>
			</xs:element>
		</xs:sequence>
		<xs:attribute name="time_zone" type="time_zone">
			<xs:annotation>
				<xs:documentation>Time zone of all times of day, such as Europe/Berlin. Left out, that of the computer.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="missed_runs" type="missed_runs" default="run_once">
			<xs:annotation>
				<xs:documentation>What happens to runs that were missed because the computer was off.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
	</xs:complexType>

	<xs:complexType name="schedule">
		<xs:choice>
			<xs:element name="once" type="once">
				<xs:annotation>
					<xs:documentation>Runs a single time.</xs:documentation>
				</xs:annotation>
			</xs:element>
			<xs:element name="daily" type="daily">
				<xs:annotation>
					<xs:documentation>Runs every day, or every few days.</xs:documentation>
				</xs:annotation>
			</xs:element>
			<xs:element name="weekly" type="weekly">
				<xs:annotation>
					<xs:documentation>Runs on certain weekdays.</xs:documentation>
				</xs:annotation>
			</xs:element>
			<xs:element name="monthly" type="monthly">
				<xs:annotation>
					<xs:documentation>Runs on a day of the month.</xs:documentation>
				</xs:annotation>
			</xs:element>
			<xs:element name="monthly_weekday" type="monthly_weekday">
				<xs:annotation>
					<xs:documentation>Runs on a weekday of the month, such as the first Monday.</xs:documentation>
				</xs:annotation>
			</xs:element>
			<xs:element name="intradaily" type="intradaily">
				<xs:annotation>
					<xs:documentation>Runs every few minutes within certain hours.</xs:documentation>
				</xs:annotation>
			</xs:element>
			<xs:element name="event" type="event">
				<xs:annotation>
					<xs:documentation>Runs when something happens.</xs:documentation>
				</xs:annotation>
			</xs:element>
		</xs:choice>
		<xs:attribute name="backup_type" type="backup_type" use="required">
			<xs:annotation>
				<xs:documentation>Type of the backup. Where there is nothing that an incremental or differential can stand on, a full is made instead.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="enable" type="xs:boolean" default="true">
			<xs:annotation>
				<xs:documentation>Whether this schedule is in force.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="start_date" type="date">
			<xs:annotation>
				<xs:documentation>First day on which it may run. Intervals of several days, weeks or months are counted from here.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
	</xs:complexType>

	<xs:complexType name="once">
		<xs:attribute name="date" type="date" use="required">
			<xs:annotation>
				<xs:documentation>The day.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="time" type="time" use="required">
			<xs:annotation>
				<xs:documentation>The time of day.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
	</xs:complexType>

	<xs:complexType name="daily">
		<xs:attribute name="time" type="time" use="required">
			<xs:annotation>
				<xs:documentation>The time of day.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="interval" type="interval" default="1">
			<xs:annotation>
				<xs:documentation>Every so many days, counted from the start date.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
	</xs:complexType>

	<xs:complexType name="weekly">
		<xs:attribute name="days" type="weekdays" use="required">
			<xs:annotation>
				<xs:documentation>The weekdays, separated by spaces.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="time" type="time" use="required">
			<xs:annotation>
				<xs:documentation>The time of day.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="interval" type="interval" default="1">
			<xs:annotation>
				<xs:documentation>Every so many weeks, counted from the week of the start date; weeks begin on Monday.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
	</xs:complexType>

	<xs:complexType name="monthly">
		<xs:attribute name="day" type="day_of_month" use="required">
			<xs:annotation>
				<xs:documentation>The day of the month, 1 to 31, or last. In a month that has no such day it runs on the last one.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="time" type="time" use="required">
			<xs:annotation>
				<xs:documentation>The time of day.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="interval" type="interval" default="1">
			<xs:annotation>
				<xs:documentation>Every so many months, counted from the month of the start date.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
	</xs:complexType>

	<xs:complexType name="monthly_weekday">
		<xs:attribute name="week" type="week_of_month" use="required">
			<xs:annotation>
				<xs:documentation>Which one of the month.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="weekday" type="weekday" use="required">
			<xs:annotation>
				<xs:documentation>The weekday.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="time" type="time" use="required">
			<xs:annotation>
				<xs:documentation>The time of day.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="interval" type="interval" default="1">
			<xs:annotation>
				<xs:documentation>Every so many months, counted from the month of the start date.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
	</xs:complexType>

	<xs:complexType name="intradaily">
		<xs:attribute name="minutes" type="minutes" use="required">
			<xs:annotation>
				<xs:documentation>Every so many minutes, beginning at from.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="from" type="time" default="00:00">
			<xs:annotation>
				<xs:documentation>First run of the day.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="until" type="time" default="23:59">
			<xs:annotation>
				<xs:documentation>No run begins after this time of day.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="days" type="weekdays" default="monday tuesday wednesday thursday friday saturday sunday">
			<xs:annotation>
				<xs:documentation>The weekdays, separated by spaces.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
	</xs:complexType>

	<xs:complexType name="event">
		<xs:attribute name="trigger" type="trigger" use="required">
			<xs:annotation>
				<xs:documentation>What starts the backup.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
	</xs:complexType>

	<xs:complexType name="disk_space_management">
		<xs:all>
			<xs:element name="full_retention" type="retention" minOccurs="0">
				<xs:annotation>
					<xs:documentation>How long full backups are kept. Deleting one deletes its whole backup set: every incremental and differential that is linked to it.</xs:documentation>
				</xs:annotation>
			</xs:element>
			<xs:element name="differential_retention" type="retention" minOccurs="0">
				<xs:annotation>
					<xs:documentation>How long differential backups are kept. Deleting one deletes the incrementals that stand on it.</xs:documentation>
				</xs:annotation>
			</xs:element>
			<xs:element name="incremental_retention" type="retention" minOccurs="0">
				<xs:annotation>
					<xs:documentation>How long incremental backups are kept. Older ones that the oldest kept one needs are merged into it, so that the chain is never broken.</xs:documentation>
				</xs:annotation>
			</xs:element>
		</xs:all>
		<xs:attribute name="apply_to_all_sets_in_folder" type="xs:boolean" default="false">
			<xs:annotation>
				<xs:documentation>Whether the rules are applied to all image sets in the folder instead of only those with exactly the same partitions.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="incrementals_forever" type="xs:boolean" default="false">
			<xs:annotation>
				<xs:documentation>Whether a synthetic full is created if possible: where a set is a full followed by incrementals alone, the full is rolled forward instead of incrementals being merged.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="run_before" type="xs:boolean" default="false">
			<xs:annotation>
				<xs:documentation>Whether the rules are applied before the backup, which then counts, instead of after it. With one full to keep, every older backup is deleted before the new full is made.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="low_space_purge" type="xs:boolean" default="false">
			<xs:annotation>
				<xs:documentation>Whether the oldest backup sets are deleted when free space on the destination runs low, also while a backup is being written.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="low_space_gb_threshold" type="gigabytes" default="5">
			<xs:annotation>
				<xs:documentation>How many GB are to stay free, at least 1.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
	</xs:complexType>

	<xs:complexType name="retention">
		<xs:attribute name="enable" type="xs:boolean" default="true">
			<xs:annotation>
				<xs:documentation>Whether this rule is in force.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="interval" type="interval" use="required">
			<xs:annotation>
				<xs:documentation>How many backups are kept, or those of how many days, weeks or months.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="period" type="retention_period" default="count">
			<xs:annotation>
				<xs:documentation>What the interval counts.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
	</xs:complexType>

	<xs:complexType name="scripts">
		<xs:sequence>
			<xs:element name="before" type="script_before" minOccurs="0" maxOccurs="unbounded">
				<xs:annotation>
					<xs:documentation>A program that runs before the backup.</xs:documentation>
				</xs:annotation>
			</xs:element>
			<xs:element name="after" type="script_after" minOccurs="0" maxOccurs="unbounded">
				<xs:annotation>
					<xs:documentation>A program that runs after the backup.</xs:documentation>
				</xs:annotation>
			</xs:element>
		</xs:sequence>
	</xs:complexType>

	<xs:complexType name="script_before">
		<xs:sequence>
			<xs:element name="argument" type="xs:string" minOccurs="0" maxOccurs="unbounded">
				<xs:annotation>
					<xs:documentation>One argument, handed over exactly as it stands here; no shell looks at it.</xs:documentation>
				</xs:annotation>
			</xs:element>
		</xs:sequence>
		<xs:attribute name="path" type="path" use="required">
			<xs:annotation>
				<xs:documentation>Full path of the program. It runs with the rights of the backup, so nobody but administrators may be able to write it.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="time_limit" type="seconds" default="600">
			<xs:annotation>
				<xs:documentation>Seconds after which the program is ended and counts as failed.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="on_failure" type="on_failure" default="stop">
			<xs:annotation>
				<xs:documentation>What a failure of the program means: an exit code other than 0, or too long a time.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
	</xs:complexType>

	<xs:complexType name="script_after">
		<xs:sequence>
			<xs:element name="argument" type="xs:string" minOccurs="0" maxOccurs="unbounded">
				<xs:annotation>
					<xs:documentation>One argument, handed over exactly as it stands here; no shell looks at it.</xs:documentation>
				</xs:annotation>
			</xs:element>
		</xs:sequence>
		<xs:attribute name="path" type="path" use="required">
			<xs:annotation>
				<xs:documentation>Full path of the program. It runs with the rights of the backup, so nobody but administrators may be able to write it.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="time_limit" type="seconds" default="600">
			<xs:annotation>
				<xs:documentation>Seconds after which the program is ended and counts as failed.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="on_failure" type="on_failure" default="warn">
			<xs:annotation>
				<xs:documentation>What a failure of the program means: an exit code other than 0, or too long a time.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="run_on" type="run_on" default="always">
			<xs:annotation>
				<xs:documentation>The outcome of the backup after which the program runs.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
	</xs:complexType>

	<xs:complexType name="email">
		<xs:all>
			<xs:element name="success" type="message" minOccurs="0">
				<xs:annotation>
					<xs:documentation>The mail after a backup that succeeded.</xs:documentation>
				</xs:annotation>
			</xs:element>
			<xs:element name="warning" type="message" minOccurs="0">
				<xs:annotation>
					<xs:documentation>The mail after a backup that was made but with warnings.</xs:documentation>
				</xs:annotation>
			</xs:element>
			<xs:element name="failure" type="failure_message" minOccurs="0">
				<xs:annotation>
					<xs:documentation>The mail after a backup that failed.</xs:documentation>
				</xs:annotation>
			</xs:element>
		</xs:all>
		<xs:attribute name="server" type="mail_server">
			<xs:annotation>
				<xs:documentation>The mail server to hand mail to, such as smtps://mail.example.com:465. A password for it is never part of a definition.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="sender" type="title">
			<xs:annotation>
				<xs:documentation>Address that the mail comes from.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
	</xs:complexType>

	<xs:complexType name="message">
		<xs:sequence>
			<xs:element name="content" type="xs:string" minOccurs="0" default="">
				<xs:annotation>
					<xs:documentation>Text of the mail, which may contain parameters. Empty, it tells what the run did.</xs:documentation>
				</xs:annotation>
			</xs:element>
		</xs:sequence>
		<xs:attribute name="enable" type="xs:boolean" default="true">
			<xs:annotation>
				<xs:documentation>Whether the mail is sent.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="recipients" type="title" use="required">
			<xs:annotation>
				<xs:documentation>Addresses that it goes to, separated by semicolons.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="subject" type="xs:string" default="">
			<xs:annotation>
				<xs:documentation>Subject, which may contain parameters. Empty, it names the definition and the outcome.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="attach_log" type="xs:boolean" default="false">
			<xs:annotation>
				<xs:documentation>Whether the log of the run is attached.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="attach_vss_log" type="xs:boolean" default="false">
			<xs:annotation>
				<xs:documentation>Whether Macrium Reflect attaches its log of the shadow copy. A run of Afterimage has one log, in which shadow copies tell what they do too.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
	</xs:complexType>

	<xs:complexType name="failure_message">
		<xs:sequence>
			<xs:element name="content" type="xs:string" minOccurs="0" default="">
				<xs:annotation>
					<xs:documentation>Text of the mail, which may contain parameters. Empty, it tells what the run did.</xs:documentation>
				</xs:annotation>
			</xs:element>
		</xs:sequence>
		<xs:attribute name="enable" type="xs:boolean" default="true">
			<xs:annotation>
				<xs:documentation>Whether the mail is sent.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="recipients" type="title" use="required">
			<xs:annotation>
				<xs:documentation>Addresses that it goes to, separated by semicolons.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="subject" type="xs:string" default="">
			<xs:annotation>
				<xs:documentation>Subject, which may contain parameters. Empty, it names the definition and the outcome.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="attach_log" type="xs:boolean" default="false">
			<xs:annotation>
				<xs:documentation>Whether the log of the run is attached.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="attach_vss_log" type="xs:boolean" default="false">
			<xs:annotation>
				<xs:documentation>Whether Macrium Reflect attaches its log of the shadow copy. A run of Afterimage has one log, in which shadow copies tell what they do too.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="include_cancelled" type="xs:boolean" default="false">
			<xs:annotation>
				<xs:documentation>Whether a backup that somebody cancelled counts as a failure.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
		<xs:attribute name="include_skipped" type="xs:boolean" default="true">
			<xs:annotation>
				<xs:documentation>Whether a backup that was skipped counts as a failure.</xs:documentation>
			</xs:annotation>
		</xs:attribute>
	</xs:complexType>

	<xs:simpleType name="title">
		<xs:annotation>
			<xs:documentation>A text on one line that is not empty.</xs:documentation>
		</xs:annotation>
		<xs:restriction base="xs:token">
			<xs:minLength value="1"/>
			<xs:maxLength value="200"/>
		</xs:restriction>
	</xs:simpleType>

	<xs:simpleType name="path">
		<xs:annotation>
			<xs:documentation>A path or name without spaces before or after it.</xs:documentation>
		</xs:annotation>
		<xs:restriction base="xs:string">
			<xs:pattern value="[^ \t\r\n]([^\r\n]*[^ \t\r\n])?"/>
			<xs:maxLength value="4096"/>
		</xs:restriction>
	</xs:simpleType>

	<xs:simpleType name="filename_template">
		<xs:annotation>
			<xs:documentation>Part of a file name: no path separators and none of the characters that Windows forbids.</xs:documentation>
		</xs:annotation>
		<xs:restriction base="xs:token">
			<xs:pattern value="[^/\\:*?&quot;&lt;&gt;|]*"/>
			<xs:maxLength value="200"/>
		</xs:restriction>
	</xs:simpleType>

	<xs:simpleType name="disk_signature">
		<xs:annotation>
			<xs:documentation>A GUID, or 8 hexadecimal digits.</xs:documentation>
		</xs:annotation>
		<xs:restriction base="xs:token">
			<xs:pattern value="[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12})?"/>
		</xs:restriction>
	</xs:simpleType>

	<xs:simpleType name="size">
		<xs:annotation>
			<xs:documentation>A number of bytes, or a number with KB, MB, GB or TB, each 1024 times the one before.</xs:documentation>
		</xs:annotation>
		<xs:restriction base="xs:token">
			<xs:pattern value="[0-9]{1,15}"/>
			<xs:pattern value="[0-9]{1,9}(\.[0-9]{1,6})? ?[KMGT]B"/>
		</xs:restriction>
	</xs:simpleType>

	<xs:simpleType name="requested_type">
		<xs:annotation>
			<xs:documentation>A type of backup, or auto.</xs:documentation>
		</xs:annotation>
		<xs:restriction base="xs:token">
			<xs:enumeration value="auto">
				<xs:annotation>
					<xs:documentation>An incremental where it has something to stand on, a full otherwise.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
			<xs:enumeration value="full">
				<xs:annotation>
					<xs:documentation>Everything; begins a new backup set.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
			<xs:enumeration value="diff">
				<xs:annotation>
					<xs:documentation>What has changed since the full.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
			<xs:enumeration value="inc">
				<xs:annotation>
					<xs:documentation>What has changed since the newest backup of the set.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
		</xs:restriction>
	</xs:simpleType>

	<xs:simpleType name="backup_type">
		<xs:annotation>
			<xs:documentation>A type of backup.</xs:documentation>
		</xs:annotation>
		<xs:restriction base="xs:token">
			<xs:enumeration value="full">
				<xs:annotation>
					<xs:documentation>Everything; begins a new backup set.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
			<xs:enumeration value="diff">
				<xs:annotation>
					<xs:documentation>What has changed since the full.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
			<xs:enumeration value="inc">
				<xs:annotation>
					<xs:documentation>What has changed since the newest backup of the set.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
		</xs:restriction>
	</xs:simpleType>

	<xs:simpleType name="compression_level">
		<xs:annotation>
			<xs:documentation>Strength of the compression.</xs:documentation>
		</xs:annotation>
		<xs:restriction base="xs:token">
			<xs:enumeration value="none">
				<xs:annotation>
					<xs:documentation>Blocks are stored as they are.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
			<xs:enumeration value="medium">
				<xs:annotation>
					<xs:documentation>Fast: the best choice for most disks.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
			<xs:enumeration value="high">
				<xs:annotation>
					<xs:documentation>Smaller files for more processor time.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
		</xs:restriction>
	</xs:simpleType>

	<xs:simpleType name="aes_type">
		<xs:annotation>
			<xs:documentation>A cipher.</xs:documentation>
		</xs:annotation>
		<xs:restriction base="xs:token">
			<xs:enumeration value="none">
				<xs:annotation>
					<xs:documentation>Not encrypted.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
			<xs:enumeration value="aes-128">
				<xs:annotation>
					<xs:documentation>AES with a key of 128 bits.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
			<xs:enumeration value="aes-192">
				<xs:annotation>
					<xs:documentation>AES with a key of 192 bits.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
			<xs:enumeration value="aes-256">
				<xs:annotation>
					<xs:documentation>AES with a key of 256 bits.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
		</xs:restriction>
	</xs:simpleType>

	<xs:simpleType name="password_source">
		<xs:annotation>
			<xs:documentation>Where a password comes from.</xs:documentation>
		</xs:annotation>
		<xs:restriction base="xs:token">
			<xs:enumeration value="prompt">
				<xs:annotation>
					<xs:documentation>It is asked for. Scheduled runs cannot ask and fail.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
			<xs:enumeration value="secret_storage">
				<xs:annotation>
					<xs:documentation>The secret storage of the editor, under the name in password_name.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
			<xs:enumeration value="environment">
				<xs:annotation>
					<xs:documentation>The environment variable named in password_name.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
			<xs:enumeration value="file">
				<xs:annotation>
					<xs:documentation>The first line of the file named in password_name, which others must not be able to read.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
		</xs:restriction>
	</xs:simpleType>

	<xs:simpleType name="cpu_priority">
		<xs:annotation>
			<xs:documentation>A priority.</xs:documentation>
		</xs:annotation>
		<xs:restriction base="xs:token">
			<xs:enumeration value="idle">
				<xs:annotation>
					<xs:documentation>Only what nothing else wants.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
			<xs:enumeration value="below_normal">
				<xs:annotation>
					<xs:documentation>After other programs.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
			<xs:enumeration value="normal">
				<xs:annotation>
					<xs:documentation>Like other programs.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
			<xs:enumeration value="above_normal">
				<xs:annotation>
					<xs:documentation>Before other programs.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
		</xs:restriction>
	</xs:simpleType>

	<xs:simpleType name="rate_limit">
		<xs:annotation>
			<xs:documentation>KB a second, or -1.</xs:documentation>
		</xs:annotation>
		<xs:restriction base="xs:integer">
			<xs:minInclusive value="-1"/>
			<xs:maxInclusive value="2147483647"/>
		</xs:restriction>
	</xs:simpleType>

	<xs:simpleType name="verification_age">
		<xs:annotation>
			<xs:documentation>A number of days up to 3650, or 0 for never.</xs:documentation>
		</xs:annotation>
		<xs:restriction base="xs:nonNegativeInteger">
			<xs:maxInclusive value="3650"/>
		</xs:restriction>
	</xs:simpleType>

	<xs:simpleType name="shutdown_level">
		<xs:annotation>
			<xs:documentation>What the computer does.</xs:documentation>
		</xs:annotation>
		<xs:restriction base="xs:token">
			<xs:enumeration value="none">
				<xs:annotation>
					<xs:documentation>Stays on.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
			<xs:enumeration value="shutdown">
				<xs:annotation>
					<xs:documentation>Shuts down.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
			<xs:enumeration value="hibernate">
				<xs:annotation>
					<xs:documentation>Hibernates.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
			<xs:enumeration value="suspend">
				<xs:annotation>
					<xs:documentation>Goes to sleep.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
			<xs:enumeration value="reboot">
				<xs:annotation>
					<xs:documentation>Restarts.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
		</xs:restriction>
	</xs:simpleType>

	<xs:simpleType name="missed_runs">
		<xs:annotation>
			<xs:documentation>What happens to missed runs.</xs:documentation>
		</xs:annotation>
		<xs:restriction base="xs:token">
			<xs:enumeration value="run_once">
				<xs:annotation>
					<xs:documentation>One run makes up for all that were missed, as soon as it can.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
			<xs:enumeration value="skip">
				<xs:annotation>
					<xs:documentation>The next run is the next one of the schedule.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
		</xs:restriction>
	</xs:simpleType>

	<xs:simpleType name="time_zone">
		<xs:annotation>
			<xs:documentation>Name of a time zone, such as UTC or America/New_York.</xs:documentation>
		</xs:annotation>
		<xs:restriction base="xs:token">
			<xs:pattern value="[A-Za-z0-9_+\-]+(/[A-Za-z0-9_+\-]+)*"/>
		</xs:restriction>
	</xs:simpleType>

	<xs:simpleType name="date">
		<xs:annotation>
			<xs:documentation>A day, as 2026-12-31.</xs:documentation>
		</xs:annotation>
		<xs:restriction base="xs:date">
			<xs:pattern value="[0-9]{4}-[0-9]{2}-[0-9]{2}"/>
		</xs:restriction>
	</xs:simpleType>

	<xs:simpleType name="time">
		<xs:annotation>
			<xs:documentation>A time of day from 00:00 to 23:59.</xs:documentation>
		</xs:annotation>
		<xs:restriction base="xs:token">
			<xs:pattern value="([01][0-9]|2[0-3]):[0-5][0-9]"/>
		</xs:restriction>
	</xs:simpleType>

	<xs:simpleType name="interval">
		<xs:annotation>
			<xs:documentation>A number from 1 to 9999.</xs:documentation>
		</xs:annotation>
		<xs:restriction base="xs:positiveInteger">
			<xs:maxInclusive value="9999"/>
		</xs:restriction>
	</xs:simpleType>

	<xs:simpleType name="minutes">
		<xs:annotation>
			<xs:documentation>A number of minutes from 1 to 1439.</xs:documentation>
		</xs:annotation>
		<xs:restriction base="xs:positiveInteger">
			<xs:maxInclusive value="1439"/>
		</xs:restriction>
	</xs:simpleType>

	<xs:simpleType name="seconds">
		<xs:annotation>
			<xs:documentation>A number of seconds from 1 to 86400.</xs:documentation>
		</xs:annotation>
		<xs:restriction base="xs:positiveInteger">
			<xs:maxInclusive value="86400"/>
		</xs:restriction>
	</xs:simpleType>

	<xs:simpleType name="gigabytes">
		<xs:annotation>
			<xs:documentation>A number of GB.</xs:documentation>
		</xs:annotation>
		<xs:restriction base="xs:nonNegativeInteger">
			<xs:maxInclusive value="1000000"/>
		</xs:restriction>
	</xs:simpleType>

	<xs:simpleType name="weekday">
		<xs:annotation>
			<xs:documentation>A day of the week.</xs:documentation>
		</xs:annotation>
		<xs:restriction base="xs:token">
			<xs:enumeration value="monday"/>
			<xs:enumeration value="tuesday"/>
			<xs:enumeration value="wednesday"/>
			<xs:enumeration value="thursday"/>
			<xs:enumeration value="friday"/>
			<xs:enumeration value="saturday"/>
			<xs:enumeration value="sunday"/>
		</xs:restriction>
	</xs:simpleType>

	<xs:simpleType name="weekday_list">
		<xs:annotation>
			<xs:documentation>Days of the week.</xs:documentation>
		</xs:annotation>
		<xs:list itemType="weekday"/>
	</xs:simpleType>

	<xs:simpleType name="weekdays">
		<xs:annotation>
			<xs:documentation>One or more days of the week, separated by spaces.</xs:documentation>
		</xs:annotation>
		<xs:restriction base="weekday_list">
			<xs:minLength value="1"/>
			<xs:maxLength value="7"/>
		</xs:restriction>
	</xs:simpleType>

	<xs:simpleType name="day_of_month">
		<xs:annotation>
			<xs:documentation>A day of the month, 1 to 31, or last.</xs:documentation>
		</xs:annotation>
		<xs:restriction base="xs:token">
			<xs:pattern value="[1-9]|[12][0-9]|3[01]|last"/>
		</xs:restriction>
	</xs:simpleType>

	<xs:simpleType name="week_of_month">
		<xs:annotation>
			<xs:documentation>Which weekday of the month.</xs:documentation>
		</xs:annotation>
		<xs:restriction base="xs:token">
			<xs:enumeration value="first"/>
			<xs:enumeration value="second"/>
			<xs:enumeration value="third"/>
			<xs:enumeration value="fourth"/>
			<xs:enumeration value="last"/>
		</xs:restriction>
	</xs:simpleType>

	<xs:simpleType name="trigger">
		<xs:annotation>
			<xs:documentation>What starts a backup.</xs:documentation>
		</xs:annotation>
		<xs:restriction base="xs:token">
			<xs:enumeration value="startup">
				<xs:annotation>
					<xs:documentation>The computer has started.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
			<xs:enumeration value="log_on">
				<xs:annotation>
					<xs:documentation>Somebody has logged on.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
		</xs:restriction>
	</xs:simpleType>

	<xs:simpleType name="retention_period">
		<xs:annotation>
			<xs:documentation>What a retention rule counts.</xs:documentation>
		</xs:annotation>
		<xs:restriction base="xs:token">
			<xs:enumeration value="count">
				<xs:annotation>
					<xs:documentation>Backups, over all backup sets, newest first.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
			<xs:enumeration value="days">
				<xs:annotation>
					<xs:documentation>Days.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
			<xs:enumeration value="weeks">
				<xs:annotation>
					<xs:documentation>Weeks.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
			<xs:enumeration value="months">
				<xs:annotation>
					<xs:documentation>Calendar months.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
		</xs:restriction>
	</xs:simpleType>

	<xs:simpleType name="on_failure">
		<xs:annotation>
			<xs:documentation>What a failure means.</xs:documentation>
		</xs:annotation>
		<xs:restriction base="xs:token">
			<xs:enumeration value="stop">
				<xs:annotation>
					<xs:documentation>The run fails. A script before the backup stops it.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
			<xs:enumeration value="warn">
				<xs:annotation>
					<xs:documentation>The run goes on and ends with a warning.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
			<xs:enumeration value="ignore">
				<xs:annotation>
					<xs:documentation>Only the log says so.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
		</xs:restriction>
	</xs:simpleType>

	<xs:simpleType name="run_on">
		<xs:annotation>
			<xs:documentation>An outcome of a backup.</xs:documentation>
		</xs:annotation>
		<xs:restriction base="xs:token">
			<xs:enumeration value="always">
				<xs:annotation>
					<xs:documentation>Whatever the outcome.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
			<xs:enumeration value="success">
				<xs:annotation>
					<xs:documentation>The backup was made.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
			<xs:enumeration value="failure">
				<xs:annotation>
					<xs:documentation>The backup failed or was cancelled.</xs:documentation>
				</xs:annotation>
			</xs:enumeration>
		</xs:restriction>
	</xs:simpleType>

	<xs:simpleType name="mail_server">
		<xs:annotation>
			<xs:documentation>Address of a mail server: smtp:// or smtps://, a host, and a port if need be.</xs:documentation>
		</xs:annotation>
		<xs:restriction base="xs:token">
			<xs:pattern value="smtps?://[A-Za-z0-9.\-]+(:[0-9]{1,5})?"/>
		</xs:restriction>
	</xs:simpleType>
</xs:schema>
`;
