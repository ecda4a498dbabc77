package port

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// own are the services of this process's user that are reached on this machine.
func own() (all []Service, known bool) {
	uid := uint32(os.Getuid())
	ports := map[string]string{} // by inode
	err := sockets(func(s socket) {
		if s.uid == uid && (s.ip.IsUnspecified() || s.ip.IsLoopback()) {
			ports[strconv.FormatUint(uint64(s.inode), 10)] = strconv.Itoa(int(s.port))
		}
	})
	if err != nil {
		return nil, false
	}
	programs := map[string]string{} // by inode
	holders(func(pid, inode string) bool {
		if _, ok := ports[inode]; ok && programs[inode] == "" {
			programs[inode] = programName(pid)
		}
		return len(programs) < len(ports)
	})
	for inode, port := range ports {
		all = append(all, Service{Port: port, Program: programs[inode]})
	}
	return all, true
}

func programName(pid string) string {
	name, err := os.ReadFile(filepath.Join("/proc", pid, "comm"))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(name))
}

// holders calls each for every socket that a process has open whose files may be read,
// until it reports false.
func holders(each func(pid, inode string) bool) {
	processes, err := os.ReadDir("/proc")
	if err != nil {
		return
	}
	for _, process := range processes {
		pid := process.Name()
		if _, err := strconv.Atoi(pid); err != nil {
			continue
		}
		files, err := os.ReadDir(filepath.Join("/proc", pid, "fd"))
		if err != nil {
			continue // another user's, or gone
		}
		for _, file := range files {
			link, err := os.Readlink(filepath.Join("/proc", pid, "fd", file.Name()))
			if err != nil {
				continue
			}
			if inode, ok := strings.CutPrefix(link, "socket:["); ok && !each(pid, strings.TrimSuffix(inode, "]")) {
				return
			}
		}
	}
}

// HeldBy reports whether a process of a group holds the socket that [Listener] has found.
// It reports false, too, if that is not known.
func HeldBy(id string, group int) bool {
	inodes := strings.Fields(id)
	held := false
	holders(func(pid, inode string) bool {
		held = slices.Contains(inodes, inode) && groupOf(pid) == group
		return !held
	})
	return held
}

// groupOf is the process group of a process; 0 if it is not known.
func groupOf(pid string) int {
	stat, err := os.ReadFile(filepath.Join("/proc", pid, "stat"))
	if err != nil {
		return 0
	}
	// After the name, which stands in brackets and may hold any character: state, parent, group.
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	if len(fields) < 3 {
		return 0
	}
	group, _ := strconv.Atoi(fields[2])
	return group
}
