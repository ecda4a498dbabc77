package signals

import (
	"debug/elf"
	"os"
	"os/signal"
	"syscall"
)

// quitIgnored reports whether the process was started to ignore SIGQUIT. Go's runtime puts
// a handler of its own in the place of that before any other code runs, and tells nobody:
// it only keeps what it found, in a table that is read here. If the program has no symbols
// the table is not found. Then SIGINT answers, which shells ignore together with SIGQUIT.
func quitIgnored() bool {
	const ignore = 1 // SIG_IGN
	action, ok := inherited(syscall.SIGQUIT)
	if !ok {
		return signal.Ignored(os.Interrupt)
	}
	return action == ignore
}

// inherited is what the process was started to do with a signal: 0 for the default, 1 to
// ignore it.
func inherited(s syscall.Signal) (action uint64, ok bool) {
	file, err := elf.Open("/proc/self/exe")
	if err != nil {
		return 0, false
	}
	defer file.Close()
	// Other classes and kinds: the place in memory is not the one in the file.
	if file.Class != elf.ELFCLASS64 || file.Type != elf.ET_EXEC {
		return 0, false
	}
	table, ok := address(file, "runtime.fwdSig")
	if !ok {
		return 0, false
	}
	memory, err := os.Open("/proc/self/mem")
	if err != nil {
		return 0, false
	}
	defer memory.Close()
	word := make([]byte, 8)
	if _, err := memory.ReadAt(word, int64(table)+int64(len(word)*int(s))); err != nil {
		return 0, false
	}
	return file.ByteOrder.Uint64(word), true
}

// address finds a symbol. It reads no more names than it has to: elf.File.Symbols would
// take as long as all the rest of the start.
func address(file *elf.File, name string) (uint64, bool) {
	section, names := file.Section(".symtab"), file.Section(".strtab")
	if section == nil || names == nil {
		return 0, false
	}
	table, err := section.Data()
	if err != nil {
		return 0, false
	}
	found := make([]byte, len(name)+1)
	for ; len(table) >= elf.Sym64Size; table = table[elf.Sym64Size:] {
		if elf.ST_TYPE(table[4]) != elf.STT_OBJECT || file.ByteOrder.Uint64(table[16:]) != tableSize {
			continue
		}
		if _, err := names.ReadAt(found, int64(file.ByteOrder.Uint32(table))); err == nil && string(found) == name+"\x00" {
			return file.ByteOrder.Uint64(table[8:]), true
		}
	}
	return 0, false
}

// tableSize is the size of the runtime's table in bytes: a word for each signal, and for 0.
const tableSize = 8 * 65
