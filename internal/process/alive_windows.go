package process

import "golang.org/x/sys/windows"

// Alive reports whether there is a process with this id, whoever it belongs to.
func Alive(pid int) bool {
	p, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, uint32(pid))
	if err != nil {
		return err == windows.ERROR_ACCESS_DENIED
	}
	defer windows.CloseHandle(p)
	var code uint32
	const stillActive = 259
	return windows.GetExitCodeProcess(p, &code) != nil || code == stillActive
}
