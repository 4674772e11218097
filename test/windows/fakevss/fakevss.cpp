// A vssapi.dll for tests: it answers a requester as C:\fakevss\script.txt says, writes each call with its arguments to
// C:\fakevss\log.txt, and holds the order that Microsoft documents ("Overview of Processing a Backup Under VSS").
// The interfaces are those of mingw-w64's vsbackup.h, so that a requester's table of methods is checked by the compiler
// of these.
//
// Lines of the script, read at the first call:
//   fail METHOD HRESULT TIMES    the call itself fails so many times
//   end METHOD HRESULT TIMES     its asynchronous step ends with that so many times
//   delay METHOD MILLISECONDS    how long its step takes
//   unsupported VOLUME
//   writer STATE FAILURE NAME    both hexadecimal; NAME to the end of the line
//   device VOLUME PATH           where the volume's shadow copy is
#define _WIN32_WINNT 0x0601
#define INITGUID
#include <windows.h>
#include <objbase.h>
#include <vss.h>
#include <vswriter.h>
#include <vsbackup.h>
#include <vsserror.h>
#include <cstdarg>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

namespace {

struct Outcome {
	HRESULT value;
	int times;
};

struct Writer {
	VSS_WRITER_STATE state;
	HRESULT failure;
	std::wstring name;
};

struct Script {
	std::map<std::wstring, Outcome> fail, end;
	std::map<std::wstring, DWORD> delay;
	std::map<std::wstring, std::wstring> device;
	std::vector<std::wstring> unsupported;
	std::vector<Writer> writers;

	Script() {
		FILE *file = _wfopen(L"C:\\fakevss\\script.txt", L"rt, ccs=UTF-8");
		if (!file) return;
		wchar_t line[512], first[256], second[256];
		unsigned value, more;
		int at = 0;
		while (fgetws(line, 512, file)) {
			if (wchar_t *end = wcspbrk(line, L"\r\n")) *end = 0;
			if (swscanf(line, L"fail %255ls %x %d", first, &value, &at) == 3) fail[first] = {(HRESULT)value, at};
			else if (swscanf(line, L"end %255ls %x %d", first, &value, &at) == 3) end[first] = {(HRESULT)value, at};
			else if (swscanf(line, L"delay %255ls %u", first, &value) == 2) delay[first] = value;
			else if (swscanf(line, L"unsupported %255ls", first) == 1) unsupported.push_back(first);
			else if (swscanf(line, L"device %255ls %255ls", first, second) == 2) device[first] = second;
			else if (swscanf(line, L"writer %x %x %n", &value, &more, &at) == 2)
				writers.push_back({(VSS_WRITER_STATE)value, (HRESULT)more, line + at});
		}
		fclose(file);
	}

	static HRESULT take(std::map<std::wstring, Outcome> &outcomes, const wchar_t *method, HRESULT otherwise) {
		auto found = outcomes.find(method);
		if (found == outcomes.end() || found->second.times == 0) return otherwise;
		found->second.times--;
		return found->second.value;
	}
};

Script &script() {
	static Script only;
	return only;
}

void record(const wchar_t *format, ...) {
	FILE *file = _wfopen(L"C:\\fakevss\\log.txt", L"at, ccs=UTF-8");
	if (!file) return;
	va_list arguments;
	va_start(arguments, format);
	vfwprintf(file, format, arguments);
	va_end(arguments);
	fwprintf(file, L"\n");
	fclose(file);
}

std::wstring text(const GUID &id) {
	wchar_t out[40];
	StringFromGUID2(id, out, 40);
	return out;
}

const GUID setId = {0x11112222, 0x3333, 0x4444, {0x55, 0x55, 0x66, 0x66, 0x77, 0x77, 0x88, 0x88}};

GUID snapshotId(size_t index) {
	GUID id = setId;
	id.Data1 = 0xc0000000 + (unsigned long)index;
	return id;
}

wchar_t *copyOf(const wchar_t *from) {
	size_t bytes = (wcslen(from) + 1) * sizeof(wchar_t);
	return (wchar_t *)memcpy(CoTaskMemAlloc(bytes), from, bytes);
}

/** The references and the one interface of an object, which is told by `ends` before it goes. */
template <class Object, class Interface> class Counted : public Interface {
	LONG references = 1;

  public:
	STDMETHODIMP QueryInterface(REFIID id, void **out) override {
		if (id != IID_IUnknown && id != __uuidof(Interface)) return *out = nullptr, E_NOINTERFACE;
		AddRef();
		return *out = this, S_OK;
	}
	STDMETHODIMP_(ULONG) AddRef() override { return InterlockedIncrement(&references); }
	STDMETHODIMP_(ULONG) Release() override {
		LONG left = InterlockedDecrement(&references);
		if (left > 0) return left;
		Object *self = static_cast<Object *>(this);
		self->ends();
		delete self;
		return 0;
	}
};

class Step final : public Counted<Step, IVssAsync> {
	const wchar_t *method;
	HRESULT outcome;
	ULONGLONG end;
	volatile bool cancelled = false;

  public:
	Step(const wchar_t *method) : method(method), outcome(Script::take(script().end, method, VSS_S_ASYNC_FINISHED)) {
		auto delay = script().delay.find(method);
		end = GetTickCount64() + (delay == script().delay.end() ? 20 : delay->second);
	}

	void ends() {
		if (!cancelled && GetTickCount64() < end) record(L"%ls: RELEASED WHILE IT RAN", method);
		record(L"%ls: released", method);
	}
	STDMETHODIMP Cancel() override {
		record(L"%ls: Cancel", method);
		cancelled = true;
		return S_OK;
	}
	STDMETHODIMP Wait(DWORD milliseconds) override {
		APTTYPE type;
		APTTYPEQUALIFIER qualifier;
		HRESULT found = CoGetApartmentType(&type, &qualifier);
		if (found != S_OK || type != APTTYPE_MTA) record(L"%ls: WAIT OUTSIDE THE MULTITHREADED APARTMENT", method);
		ULONGLONG last = milliseconds == INFINITE ? ~0ull : GetTickCount64() + milliseconds;
		while (!cancelled && GetTickCount64() < end && GetTickCount64() < last) Sleep(5);
		return S_OK;
	}
	STDMETHODIMP QueryStatus(HRESULT *value, INT *reserved) override {
		*value = cancelled ? VSS_S_ASYNC_CANCELLED : GetTickCount64() < end ? VSS_S_ASYNC_PENDING : outcome;
		if (reserved) record(L"%ls: QueryStatus WITH A RESERVED ARGUMENT", method);
		return S_OK;
	}
	bool succeeds() const { return outcome == VSS_S_ASYNC_FINISHED; }
};

enum State { made, initialised, described, gathered, started, filled, prepared, snapped, over };

#define ABSENT(name, arguments) \
	STDMETHODIMP name arguments override { return record(L"%ls: NOT IN THIS FAKE", L"" #name), E_NOTIMPL; }
/** Records, fails as the script says, and refuses what comes in the wrong order. */
#define ENTER(name, allowed, ...) \
	record(L"" name, ##__VA_ARGS__); \
	if (!(allowed)) return record(L"WRONG ORDER: %ls", methodOf(L"" name).c_str()), VSS_E_BAD_STATE; \
	if (HRESULT scripted = Script::take(script().fail, methodOf(L"" name).c_str(), S_OK)) return scripted

std::wstring methodOf(const wchar_t *format) { return std::wstring(format, wcscspn(format, L"(")); }

class Backup final : public Counted<Backup, IVssBackupComponents> {
	LONG context = 0;
	State state = made;
	bool writersDescribed = false, statusGathered = false, propertiesOut = false, live = false;
	std::vector<std::wstring> volumes;

	HRESULT step(const wchar_t *method, IVssAsync **out, Step **made = nullptr) {
		Step *one = new Step(method);
		if (made) *made = one;
		return *out = one, S_OK;
	}
	bool supported(const wchar_t *volume) {
		for (auto &one : script().unsupported)
			if (one == volume) return false;
		return true;
	}

  public:
	void ends() {
		if (state >= started && state != over) record(L"RELEASED WITHOUT BackupComplete OR AbortBackup");
		record(live ? L"Release with its snapshots" : L"Release");
	}

	STDMETHODIMP InitializeForBackup(BSTR document) override {
		ENTER("InitializeForBackup(%ls)", state == made, document ? document : L"");
		return state = initialised, S_OK;
	}
	STDMETHODIMP SetContext(LONG value) override {
		ENTER("SetContext(%ld)", state == initialised, value);
		return context = value, S_OK;
	}
	STDMETHODIMP SetBackupState(boolean select, boolean bootable, VSS_BACKUP_TYPE type, boolean partial) override {
		ENTER("SetBackupState(%d, %d, %d, %d)", state == initialised, select, bootable, type, partial);
		return state = described, S_OK;
	}
	STDMETHODIMP GatherWriterMetadata(IVssAsync **out) override {
		ENTER("GatherWriterMetadata", state == described);
		writersDescribed = true;
		return state = gathered, step(L"GatherWriterMetadata", out);
	}
	STDMETHODIMP FreeWriterMetadata() override {
		ENTER("FreeWriterMetadata", writersDescribed);
		return writersDescribed = false, S_OK;
	}
	STDMETHODIMP StartSnapshotSet(VSS_ID *id) override {
		ENTER("StartSnapshotSet", state == gathered);
		return *id = setId, state = started, S_OK;
	}
	STDMETHODIMP IsVolumeSupported(VSS_ID provider, VSS_PWSZ volume, WINBOOL *out) override {
		ENTER("IsVolumeSupported(%ls, %ls)", state >= initialised, text(provider).c_str(), volume);
		return *out = supported(volume), S_OK;
	}
	STDMETHODIMP AddToSnapshotSet(VSS_PWSZ volume, VSS_ID provider, VSS_ID *id) override {
		ENTER("AddToSnapshotSet(%ls, %ls)", state == started || state == filled, volume, text(provider).c_str());
		if (volume[0] == 0 || volume[wcslen(volume) - 1] != L'\\') return E_INVALIDARG;
		if (!supported(volume)) return VSS_E_VOLUME_NOT_SUPPORTED;
		*id = snapshotId(volumes.size());
		volumes.push_back(volume);
		return state = filled, S_OK;
	}
	STDMETHODIMP PrepareForBackup(IVssAsync **out) override {
		ENTER("PrepareForBackup", state == filled);
		return state = prepared, step(L"PrepareForBackup", out);
	}
	STDMETHODIMP DoSnapshotSet(IVssAsync **out) override {
		ENTER("DoSnapshotSet", state == prepared);
		Step *one;
		HRESULT value = step(L"DoSnapshotSet", out, &one);
		if (one->succeeds()) state = snapped, live = true;
		return value;
	}
	STDMETHODIMP GatherWriterStatus(IVssAsync **out) override {
		ENTER("GatherWriterStatus", state >= gathered);
		return statusGathered = true, step(L"GatherWriterStatus", out);
	}
	STDMETHODIMP GetWriterStatusCount(UINT *count) override {
		ENTER("GetWriterStatusCount", statusGathered);
		return *count = (UINT)script().writers.size(), S_OK;
	}
	STDMETHODIMP GetWriterStatus(UINT index, VSS_ID *instance, VSS_ID *writer, BSTR *name, VSS_WRITER_STATE *out,
		HRESULT *failure) override {
		ENTER("GetWriterStatus(%u)", statusGathered, index);
		if (index >= script().writers.size()) return VSS_E_OBJECT_NOT_FOUND;
		const Writer &one = script().writers[index];
		*instance = *writer = snapshotId(100 + index);
		*name = SysAllocString(one.name.c_str());
		return *out = one.state, *failure = one.failure, S_OK;
	}
	STDMETHODIMP FreeWriterStatus() override {
		ENTER("FreeWriterStatus", statusGathered);
		return statusGathered = false, S_OK;
	}
	STDMETHODIMP GetSnapshotProperties(VSS_ID id, VSS_SNAPSHOT_PROP *out) override {
		ENTER("GetSnapshotProperties(%ls)", state == snapped, text(id).c_str());
		for (size_t i = 0; i < volumes.size(); i++) {
			if (snapshotId(i) != id) continue;
			wchar_t usual[80];
			swprintf(usual, 80, L"\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy%u", 41 + (unsigned)i);
			auto device = script().device.find(volumes[i]);
			*out = VSS_SNAPSHOT_PROP();
			out->m_SnapshotId = id;
			out->m_SnapshotSetId = setId;
			out->m_lSnapshotsCount = (LONG)volumes.size();
			out->m_pwszSnapshotDeviceObject = copyOf(device == script().device.end() ? usual : device->second.c_str());
			out->m_pwszOriginalVolumeName = copyOf(volumes[i].c_str());
			out->m_pwszOriginatingMachine = copyOf(L"M\u00fcller-PC");
			out->m_pwszServiceMachine = copyOf(L"M\u00fcller-PC");
			out->m_lSnapshotAttributes = context;
			out->m_tsCreationTimestamp = 134087654321012345LL;
			out->m_eStatus = VSS_SS_CREATED;
			return S_OK;
		}
		return VSS_E_OBJECT_NOT_FOUND;
	}
	STDMETHODIMP BackupComplete(IVssAsync **out) override {
		ENTER("BackupComplete", state == snapped);
		return state = over, step(L"BackupComplete", out);
	}
	STDMETHODIMP AbortBackup() override {
		ENTER("AbortBackup", state >= initialised);
		return state = over, S_OK;
	}
	STDMETHODIMP DeleteSnapshots(VSS_ID id, VSS_OBJECT_TYPE type, WINBOOL force, LONG *deleted, VSS_ID *rest) override {
		ENTER("DeleteSnapshots(%ls, %d, %d)", state >= started, text(id).c_str(), type, force);
		*rest = GUID{};
		*deleted = live ? (LONG)volumes.size() : 0;
		if (!live || id != setId || type != VSS_OBJECT_SNAPSHOT_SET) return VSS_E_OBJECT_NOT_FOUND;
		return live = false, S_OK;
	}

	ABSENT(GetWriterComponentsCount, (UINT *))
	ABSENT(GetWriterComponents, (UINT, IVssWriterComponentsExt **))
	ABSENT(InitializeForRestore, (BSTR))
	ABSENT(SetRestoreState, (VSS_RESTORE_TYPE))
	ABSENT(GetWriterMetadataCount, (UINT *))
	ABSENT(GetWriterMetadata, (UINT, VSS_ID *, IVssExamineWriterMetadata **))
	ABSENT(AddComponent, (VSS_ID, VSS_ID, VSS_COMPONENT_TYPE, LPCWSTR, LPCWSTR))
	ABSENT(SetBackupSucceeded, (VSS_ID, VSS_ID, VSS_COMPONENT_TYPE, LPCWSTR, LPCWSTR, boolean))
	ABSENT(SetBackupOptions, (VSS_ID, VSS_COMPONENT_TYPE, LPCWSTR, LPCWSTR, LPCWSTR))
	ABSENT(SetSelectedForRestore, (VSS_ID, VSS_COMPONENT_TYPE, LPCWSTR, LPCWSTR, boolean))
	ABSENT(SetRestoreOptions, (VSS_ID, VSS_COMPONENT_TYPE, LPCWSTR, LPCWSTR, LPCWSTR))
	ABSENT(SetAdditionalRestores, (VSS_ID, VSS_COMPONENT_TYPE, LPCWSTR, LPCWSTR, boolean))
	ABSENT(SetPreviousBackupStamp, (VSS_ID, VSS_COMPONENT_TYPE, LPCWSTR, LPCWSTR, LPCWSTR))
	ABSENT(SaveAsXML, (BSTR *))
	ABSENT(AddAlternativeLocationMapping,
		(VSS_ID, VSS_COMPONENT_TYPE, LPCWSTR, LPCWSTR, LPCWSTR, LPCWSTR, boolean, LPCWSTR))
	ABSENT(AddRestoreSubcomponent, (VSS_ID, VSS_COMPONENT_TYPE, LPCWSTR, LPCWSTR, LPCWSTR, LPCWSTR, boolean))
	ABSENT(SetFileRestoreStatus, (VSS_ID, VSS_COMPONENT_TYPE, LPCWSTR, LPCWSTR, VSS_FILE_RESTORE_STATUS))
	ABSENT(AddNewTarget, (VSS_ID, VSS_COMPONENT_TYPE, LPCWSTR, LPCWSTR, LPCWSTR, LPCWSTR, boolean, LPCWSTR))
	ABSENT(SetRangesFilePath, (VSS_ID, VSS_COMPONENT_TYPE, LPCWSTR, LPCWSTR, UINT, LPCWSTR))
	ABSENT(PreRestore, (IVssAsync **))
	ABSENT(PostRestore, (IVssAsync **))
	ABSENT(ImportSnapshots, (IVssAsync **))
	ABSENT(BreakSnapshotSet, (VSS_ID))
	ABSENT(Query, (VSS_ID, VSS_OBJECT_TYPE, VSS_OBJECT_TYPE, IVssEnumObject **))
	ABSENT(DisableWriterClasses, (const VSS_ID *, UINT))
	ABSENT(EnableWriterClasses, (const VSS_ID *, UINT))
	ABSENT(DisableWriterInstances, (const VSS_ID *, UINT))
	ABSENT(ExposeSnapshot, (VSS_ID, VSS_PWSZ, LONG, VSS_PWSZ, VSS_PWSZ *))
	ABSENT(RevertToSnapshot, (VSS_ID, WINBOOL))
	ABSENT(QueryRevertStatus, (VSS_PWSZ, IVssAsync **))
};

} // namespace

extern "C" {
HRESULT STDAPICALLTYPE fakeCreate(IVssBackupComponents **out) {
	record(L"CreateVssBackupComponents");
	if (HRESULT scripted = Script::take(script().fail, L"CreateVssBackupComponents", S_OK)) return scripted;
	return *out = new Backup(), S_OK;
}

void APIENTRY fakeFree(VSS_SNAPSHOT_PROP *properties) {
	record(L"VssFreeSnapshotProperties(%ls)", properties->m_pwszOriginalVolumeName);
	VSS_PWSZ *texts[] = {&properties->m_pwszSnapshotDeviceObject, &properties->m_pwszOriginalVolumeName,
		&properties->m_pwszOriginatingMachine, &properties->m_pwszServiceMachine, &properties->m_pwszExposedName,
		&properties->m_pwszExposedPath};
	for (VSS_PWSZ *one : texts) {
		CoTaskMemFree(*one);
		*one = nullptr;
	}
}
}
