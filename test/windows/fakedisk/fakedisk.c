/*
 * A driver whose devices are files of a test: disks, volumes and shadow copies for programs under Wine.
 *
 * C:\fakedisk\devices.txt names the devices, one a line (PhysicalDrive5, Harddisk5Partition1, Q:, HarddiskVolumeShadowCopy41).
 * What a device holds and answers lies in C:\fakedisk\NAME (a colon is written as an underscore):
 *   image                its bytes
 *   XXXXXXXX.bin         the answer to the control code XXXXXXXX (hexadecimal)
 *   XXXXXXXX-YYYYYYYY.bin  the same, where the first 32 bits of the input are YYYYYYYY
 *   faults.bin           byte ranges that cannot be read or written
 * An answer is a status, the status when the caller's buffer is too short, and the bytes. Requests go into C:\fakedisk\log.txt.
 */
#include <ntddk.h>

#define NAME_LENGTH 48
#define MOST_FAULTS 16
#define SECTOR 512
#define MOST_LOGGED_INPUT 64

struct answer {
    ULONG status;
    ULONG status_when_short;
};

struct fault {
    ULONGLONG start;
    ULONGLONG length;
    ULONG writes; /* 0: reads fail, 1: writes fail */
    ULONG status;
};

struct device {
    WCHAR name[NAME_LENGTH];
    HANDLE image;
    ULONG fault_count;
    struct fault faults[MOST_FAULTS];
};

static HANDLE log_file;

/* ---- files below C:\fakedisk ---- */

static void append(WCHAR *text, ULONG room, const WCHAR *more)
{
    ULONG n = 0;
    while (text[n]) n++;
    while (*more && n + 1 < room) text[n++] = *more++;
    text[n] = 0;
}

static NTSTATUS open_file(HANDLE *file, const WCHAR *folder, const WCHAR *leaf, ACCESS_MASK access, ULONG disposition)
{
    WCHAR path[160] = L"\\??\\C:\\fakedisk\\";
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES attributes;
    IO_STATUS_BLOCK io;

    if (folder) {
        append(path, 160, folder);
        append(path, 160, L"\\");
    }
    append(path, 160, leaf);
    RtlInitUnicodeString(&name, path);
    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
    return ZwCreateFile(file, access | SYNCHRONIZE, &attributes, &io, NULL, FILE_ATTRIBUTE_NORMAL,
                        FILE_SHARE_READ | FILE_SHARE_WRITE, disposition,
                        FILE_SYNCHRONOUS_IO_NONALERT | FILE_NON_DIRECTORY_FILE, NULL, 0);
}

static ULONG read_at(HANDLE file, LONGLONG at, void *to, ULONG length)
{
    IO_STATUS_BLOCK io = {{0}, 0};
    LARGE_INTEGER offset;

    offset.QuadPart = at;
    return NT_SUCCESS(ZwReadFile(file, NULL, NULL, NULL, &io, to, length, &offset, NULL)) ? (ULONG)io.Information : 0;
}

static ULONG size_of(HANDLE file)
{
    IO_STATUS_BLOCK io;
    FILE_STANDARD_INFORMATION info;

    ZwQueryInformationFile(file, &io, &info, sizeof info, FileStandardInformation);
    return (ULONG)info.EndOfFile.QuadPart;
}

/* ---- the log ---- */

static ULONG put_text(char *line, ULONG n, const char *text)
{
    while (*text) line[n++] = *text++;
    return n;
}

static ULONG put_hex(char *line, ULONG n, ULONGLONG value, int digits)
{
    int shift;

    for (shift = 4 * (digits - 1); shift >= 0; shift -= 4) line[n++] = "0123456789abcdef"[(value >> shift) & 15];
    return n;
}

/* NAME WHAT FIRST SECOND STATUS [INPUT], numbers in hexadecimal */
static void log_request(const struct device *device, const char *what, ULONGLONG first, ULONGLONG second, NTSTATUS status,
                        const UCHAR *input, ULONG input_length)
{
    char line[320];
    ULONG n = 0, i;
    IO_STATUS_BLOCK io;
    LARGE_INTEGER end;

    for (i = 0; device->name[i]; i++) line[n++] = (char)device->name[i];
    line[n++] = ' ';
    n = put_text(line, n, what);
    line[n++] = ' ';
    n = put_hex(line, n, first, 16);
    line[n++] = ' ';
    n = put_hex(line, n, second, 16);
    line[n++] = ' ';
    n = put_hex(line, n, (ULONG)status, 8);
    line[n++] = ' ';
    for (i = 0; input && i < input_length && i < MOST_LOGGED_INPUT; i++) n = put_hex(line, n, input[i], 2);
    line[n++] = '\n';
    end.HighPart = -1;
    end.LowPart = FILE_WRITE_TO_END_OF_FILE;
    if (log_file) ZwWriteFile(log_file, NULL, NULL, NULL, &io, line, n, &end, NULL);
}

/* ---- requests ---- */

static NTSTATUS finish(IRP *irp, NTSTATUS status, ULONG_PTR information)
{
    irp->IoStatus.Status = status;
    irp->IoStatus.Information = information;
    IoCompleteRequest(irp, IO_NO_INCREMENT);
    return status;
}

/*
 * Wine tells a driver neither what rights an open asks for nor takes its refusal, so every open succeeds. The log has the
 * share mode: 0 for an open that wants to be the only one.
 */
static NTSTATUS NTAPI on_other(DEVICE_OBJECT *object, IRP *irp)
{
    struct device *device = object->DeviceExtension;
    IO_STACK_LOCATION *stack = IoGetCurrentIrpStackLocation(irp);

    if (stack->MajorFunction == IRP_MJ_CREATE)
        log_request(device, "OPEN", 0, stack->Parameters.Create.ShareAccess, STATUS_SUCCESS, NULL, 0);
    if (stack->MajorFunction == IRP_MJ_FLUSH_BUFFERS) log_request(device, "FLUSH", 0, 0, STATUS_SUCCESS, NULL, 0);
    if (stack->MajorFunction == IRP_MJ_CLOSE) log_request(device, "CLOSE", 0, 0, STATUS_SUCCESS, NULL, 0);
    return finish(irp, STATUS_SUCCESS, 0);
}

static NTSTATUS fault_of(const struct device *device, ULONGLONG start, ULONG length, ULONG writes)
{
    ULONG i;

    for (i = 0; i < device->fault_count; i++) {
        const struct fault *fault = &device->faults[i];
        if (fault->writes == writes && start < fault->start + fault->length && fault->start < start + length)
            return (NTSTATUS)fault->status;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS NTAPI on_read_write(DEVICE_OBJECT *object, IRP *irp)
{
    struct device *device = object->DeviceExtension;
    IO_STACK_LOCATION *stack = IoGetCurrentIrpStackLocation(irp);
    ULONG writes = stack->MajorFunction == IRP_MJ_WRITE;
    LARGE_INTEGER offset = writes ? stack->Parameters.Write.ByteOffset : stack->Parameters.Read.ByteOffset;
    ULONG length = writes ? stack->Parameters.Write.Length : stack->Parameters.Read.Length;
    void *data = irp->AssociatedIrp.SystemBuffer ? irp->AssociatedIrp.SystemBuffer : irp->UserBuffer;
    IO_STATUS_BLOCK io = {{0}, 0};
    NTSTATUS status = fault_of(device, (ULONGLONG)offset.QuadPart, length, writes);

    /* Disks take whole sectors only. */
    if (offset.QuadPart % SECTOR || length % SECTOR) status = STATUS_INVALID_PARAMETER;
    if (NT_SUCCESS(status)) {
        status = writes ? ZwWriteFile(device->image, NULL, NULL, NULL, &io, data, length, &offset, NULL)
                        : ZwReadFile(device->image, NULL, NULL, NULL, &io, data, length, &offset, NULL);
    }
    if (writes || !NT_SUCCESS(status))
        log_request(device, writes ? "WRITE" : "READ", (ULONGLONG)offset.QuadPart, length, status, NULL, 0);
    return finish(irp, status, NT_SUCCESS(status) ? io.Information : 0);
}

static BOOLEAN open_answer(HANDLE *file, const struct device *device, ULONG code, const UCHAR *input, ULONG input_length)
{
    static const WCHAR digits[] = L"0123456789abcdef";
    WCHAR leaf[] = L"00000000-00000000.bin";
    ULONG i, selector;

    for (i = 0; i < 8; i++) leaf[i] = digits[(code >> (28 - 4 * i)) & 15];
    if (input && input_length >= sizeof selector) {
        RtlCopyMemory(&selector, input, sizeof selector);
        for (i = 0; i < 8; i++) leaf[9 + i] = digits[(selector >> (28 - 4 * i)) & 15];
        if (NT_SUCCESS(open_file(file, device->name, leaf, GENERIC_READ, FILE_OPEN))) return TRUE;
    }
    leaf[8] = 0;
    append(leaf, sizeof leaf / sizeof *leaf, L".bin");
    return NT_SUCCESS(open_file(file, device->name, leaf, GENERIC_READ, FILE_OPEN));
}

static NTSTATUS NTAPI on_control(DEVICE_OBJECT *object, IRP *irp)
{
    struct device *device = object->DeviceExtension;
    IO_STACK_LOCATION *stack = IoGetCurrentIrpStackLocation(irp);
    ULONG code = stack->Parameters.DeviceIoControl.IoControlCode;
    ULONG room = stack->Parameters.DeviceIoControl.OutputBufferLength;
    ULONG input_length = stack->Parameters.DeviceIoControl.InputBufferLength;
    UCHAR *input = METHOD_FROM_CTL_CODE(code) == METHOD_NEITHER
                       ? stack->Parameters.DeviceIoControl.Type3InputBuffer
                       : irp->AssociatedIrp.SystemBuffer;
    void *output = METHOD_FROM_CTL_CODE(code) == METHOD_NEITHER
                       ? irp->UserBuffer
                       : METHOD_FROM_CTL_CODE(code) != METHOD_BUFFERED && irp->MdlAddress
                             ? MmGetSystemAddressForMdlSafe(irp->MdlAddress, NormalPagePriority)
                             : irp->AssociatedIrp.SystemBuffer;
    UCHAR logged[MOST_LOGGED_INPUT];
    ULONG logged_length = input ? (input_length < MOST_LOGGED_INPUT ? input_length : MOST_LOGGED_INPUT) : 0;
    NTSTATUS status = STATUS_INVALID_DEVICE_REQUEST;
    ULONG given = 0;
    HANDLE file;

    /* Input and output may be one buffer. */
    if (logged_length) RtlCopyMemory(logged, input, logged_length);
    if (open_answer(&file, device, code, input, input_length)) {
        struct answer answer = {STATUS_INVALID_DEVICE_REQUEST, 0};
        ULONG size = size_of(file);

        size = size < sizeof answer ? 0 : size - sizeof answer;
        read_at(file, 0, &answer, sizeof answer);
        status = (NTSTATUS)(size <= room ? answer.status : answer.status_when_short);
        /* A warning (0x8...) comes with what fits, an error with nothing. */
        if (size && ((ULONG)status >> 30) != 3) given = read_at(file, sizeof answer, output, size < room ? size : room);
        ZwClose(file);
    }
    log_request(device, "CONTROL", code, room, status, logged, logged_length);
    return finish(irp, status, given);
}

/*
 * What a volume's file system is, by its class (FileFsAttributeInformation is 5): answered like a control code. Every
 * device says that it is a disk, by which C libraries know that it can be read by position.
 */
static NTSTATUS NTAPI on_query_volume(DEVICE_OBJECT *object, IRP *irp)
{
    struct device *device = object->DeviceExtension;
    IO_STACK_LOCATION *stack = IoGetCurrentIrpStackLocation(irp);
    ULONG class = stack->Parameters.QueryVolume.FsInformationClass;
    ULONG room = stack->Parameters.QueryVolume.Length;
    NTSTATUS status = STATUS_INVALID_DEVICE_REQUEST;
    ULONG given = 0;
    HANDLE file;

    if (class == FileFsDeviceInformation && room >= sizeof(FILE_FS_DEVICE_INFORMATION)) {
        FILE_FS_DEVICE_INFORMATION *information = irp->AssociatedIrp.SystemBuffer;
        information->DeviceType = FILE_DEVICE_DISK;
        information->Characteristics = 0;
        return finish(irp, STATUS_SUCCESS, sizeof *information);
    }
    if (open_answer(&file, device, class, NULL, 0)) {
        given = read_at(file, sizeof(struct answer), irp->AssociatedIrp.SystemBuffer, room);
        status = STATUS_SUCCESS;
        ZwClose(file);
    }
    log_request(device, "VOLUME", class, room, status, NULL, 0);
    return finish(irp, status, given);
}

/* ---- devices ---- */

static void load_faults(struct device *device)
{
    HANDLE file;

    if (!NT_SUCCESS(open_file(&file, device->name, L"faults.bin", GENERIC_READ, FILE_OPEN))) return;
    device->fault_count = read_at(file, 0, device->faults, sizeof device->faults) / sizeof *device->faults;
    ZwClose(file);
}

static void add_device(DRIVER_OBJECT *driver, const WCHAR *name)
{
    /* Shadow copies are known by this name of their own, everything else by its link. */
    WCHAR path[80] = L"\\Device\\", link_path[80] = L"\\DosDevices\\";
    UNICODE_STRING path_string, link_string;
    DEVICE_OBJECT *object;
    struct device *device;
    ULONG i;

    if (name[0] != 'H' || name[8] != 'V') append(path, 80, L"Fake");
    append(path, 80, name);
    append(link_path, 80, name);
    for (i = 8; path[i]; i++)
        if (path[i] == ':') path[i] = '_';
    RtlInitUnicodeString(&path_string, path);
    RtlInitUnicodeString(&link_string, link_path);
    if (!NT_SUCCESS(IoCreateDevice(driver, sizeof *device, &path_string, FILE_DEVICE_DISK, 0, FALSE, &object))) return;
    device = object->DeviceExtension;
    RtlZeroMemory(device, sizeof *device);
    append(device->name, NAME_LENGTH, name);
    for (i = 0; device->name[i]; i++)
        if (device->name[i] == ':') device->name[i] = '_';
    open_file(&device->image, device->name, L"image", GENERIC_READ | GENERIC_WRITE, FILE_OPEN);
    load_faults(device);
    object->Flags |= DO_BUFFERED_IO;
    object->Flags &= ~DO_DEVICE_INITIALIZING;
    IoCreateSymbolicLink(&link_string, &path_string);
    log_request(device, "DEVICE", 0, 0, device->image ? STATUS_SUCCESS : STATUS_NO_SUCH_FILE, NULL, 0);
}

NTSTATUS NTAPI DriverEntry(DRIVER_OBJECT *driver, UNICODE_STRING *registry)
{
    static char list[2048];
    WCHAR name[NAME_LENGTH];
    ULONG length, i, n = 0;
    HANDLE file;

    open_file(&log_file, NULL, L"log.txt", FILE_APPEND_DATA, FILE_OPEN_IF);
    for (i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++) driver->MajorFunction[i] = on_other;
    driver->MajorFunction[IRP_MJ_READ] = driver->MajorFunction[IRP_MJ_WRITE] = on_read_write;
    driver->MajorFunction[IRP_MJ_QUERY_VOLUME_INFORMATION] = on_query_volume;
    driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = driver->MajorFunction[IRP_MJ_FILE_SYSTEM_CONTROL] = on_control;
    if (!NT_SUCCESS(open_file(&file, NULL, L"devices.txt", GENERIC_READ, FILE_OPEN))) return STATUS_NO_SUCH_FILE;
    length = read_at(file, 0, list, sizeof list - 1);
    ZwClose(file);
    list[length] = '\n';
    for (i = 0; i <= length; i++) {
        if (list[i] != '\n') {
            if (n + 1 < NAME_LENGTH) name[n++] = list[i];
            continue;
        }
        name[n] = 0;
        if (n) add_device(driver, name);
        n = 0;
    }
    return STATUS_SUCCESS;
}
