// Command checklog verifies a published ledger with Go's own transparency-log code, none of ours.
//
//	checklog [-vkey file] [-cosigner file] [-proof file.tlog-proof] <directory or base URL>
//
// Below the directory or URL stand checkpoint, vkey and tile/…, as C2SP tlog-tiles lays them out. It checks
// the signature of the checkpoint, computes the root again from every entry, checks every entry and its leaf
// hash against tiles that golang.org/x/mod/sumdb/tlog has authenticated under that root, follows the hash
// chain from entry to entry, and, with -proof, the proof file and that its tree is the beginning of this one.
// With -cosigner, the checkpoint must carry a C2SP tlog-cosignature of type 0x04 by that witness.
// It prints what it counted and exits with 1 at the first fault.
//
// Two gaps between that library and the published format are closed here: its tile paths have a segment for
// the height of tiles, and its tree parser takes no origin but that of the Go checksum database.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
	// Larger than any file of a log: 256 entries of 65,535 bytes, each behind its length.
	maxFile = 256 * (2 + 65535)
)

func main() {
	vkeyFile := flag.String("vkey", "", "file with the verifier key; default: vkey beside the checkpoint")
	proofFile := flag.String("proof", "", "a .tlog-proof file to check besides")
	cosignerFile := flag.String("cosigner", "", "file with the verifier key of a witness that must have cosigned")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: checklog [-vkey file] [-cosigner file] [-proof file.tlog-proof] <directory or base URL>")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(os.Stdout, source(flag.Arg(0)), *vkeyFile, *cosignerFile, *proofFile); err != nil {
		fmt.Fprintln(os.Stderr, "checklog: FAULT:", err)
		os.Exit(1)
	}
}

func run(out io.Writer, log source, vkeyFile, cosignerFile, proofFile string) error {
	var vkey []byte
	var err error
	if vkeyFile != "" {
		vkey, err = os.ReadFile(vkeyFile)
	} else {
		vkey, err = log.read("vkey")
	}
	if err != nil {
		return err
	}
	verifier, err := note.NewVerifier(strings.TrimSuffix(string(vkey), "\n"))
	if err != nil {
		return fmt.Errorf("vkey: %w", err)
	}
	signed, err := log.read("checkpoint")
	if err != nil {
		return err
	}
	tree, err := openCheckpoint(signed, verifier)
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	fmt.Fprintf(out, "checkpoint of %s: %d entries, root %v\n", verifier.Name(), tree.N, tree.Hash)

	if cosignerFile != "" {
		name, at, err := checkCosignature(signed, verifier, cosignerFile)
		if err != nil {
			return fmt.Errorf("%s: %w", cosignerFile, err)
		}
		fmt.Fprintf(out, "cosigned by %s at %s\n", name, at.UTC().Format(time.RFC3339))
	}

	tiles := &tileReader{log: log, seen: make(map[string]bool)}
	authenticated := tlog.TileHashReader(tree, tiles)
	leaves, err := checkEntries(log, tree, verifier.Name(), authenticated)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "entries: %d in the tree, in the tiles and in the chain\n", len(leaves))
	fmt.Fprintf(out, "tiles: %d authenticated under the root\n", len(tiles.seen))

	if proofFile != "" {
		data, err := os.ReadFile(proofFile)
		if err != nil {
			return err
		}
		index, size, err := checkProof(data, verifier, tree, leaves, authenticated)
		if err != nil {
			return fmt.Errorf("%s: %w", proofFile, err)
		}
		fmt.Fprintf(out, "proof: entry %d is in the tree of %d\n", index, size)
	}
	return nil
}

// openCheckpoint checks the note's signature and reads its three lines.
func openCheckpoint(signed []byte, verifier note.Verifier) (tlog.Tree, error) {
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() || lines[3] != "" {
		return tlog.Tree{}, fmt.Errorf("not three lines that begin with %q: %q", verifier.Name(), opened.Text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return tlog.Tree{}, fmt.Errorf("not a tree size: %q", lines[1])
	}
	root, err := parseHash(lines[2])
	if err != nil {
		return tlog.Tree{}, err
	}
	return tlog.Tree{N: size, Hash: root}, nil
}

// cosigner verifies C2SP tlog-cosignatures of type 0x04, which x/mod's own verifiers do not know.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
	at   time.Time
}

const algCosignatureEd25519 = 4

// newCosigner reads the text of a verifier key: name+id+base64(type, key).
func newCosigner(vkey string) (*cosigner, error) {
	name, rest, found := strings.Cut(vkey, "+")
	id, encoded, foundToo := strings.Cut(rest, "+")
	key, err := base64.StdEncoding.Strict().DecodeString(encoded)
	if !found || !foundToo || err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != algCosignatureEd25519 {
		return nil, fmt.Errorf("not the key of a witness: %q", vkey)
	}
	sum := sha256.Sum256(append([]byte(name+"\n"), key...))
	hash := binary.BigEndian.Uint32(sum[:])
	if fmt.Sprintf("%08x", hash) != id {
		return nil, fmt.Errorf("the key has the id %08x, not %s", hash, id)
	}
	return &cosigner{name: name, hash: hash, key: key[1:]}, nil
}

func (c *cosigner) Name() string    { return c.name }
func (c *cosigner) KeyHash() uint32 { return c.hash }

// Verify takes the time and the signature over two lines and the whole text.
func (c *cosigner) Verify(text, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	seconds := binary.BigEndian.Uint64(sig)
	c.at = time.Unix(int64(seconds), 0)
	message := append([]byte(fmt.Sprintf("cosignature/v1\ntime %d\n", seconds)), text...)
	return ed25519.Verify(c.key, message, sig[8:])
}

// checkCosignature wants the checkpoint to be signed by the log and by this witness.
func checkCosignature(signed []byte, log note.Verifier, file string) (string, time.Time, error) {
	vkey, err := os.ReadFile(file)
	if err != nil {
		return "", time.Time{}, err
	}
	witness, err := newCosigner(strings.TrimSuffix(string(vkey), "\n"))
	if err != nil {
		return "", time.Time{}, err
	}
	opened, err := note.Open(signed, note.VerifierList(log, witness))
	if err != nil {
		return "", time.Time{}, err
	}
	for _, sig := range opened.Sigs {
		if sig.Name == witness.name && sig.Hash == witness.hash {
			return witness.name, witness.at, nil
		}
	}
	return "", time.Time{}, fmt.Errorf("the checkpoint is not cosigned by %s", witness.name)
}

// entry is the public leaf; its spelling is compared, so that no other member can hide in it.
type entry struct {
	At    string `json:"at"`
	Event string `json:"event"`
	Prev  string `json:"prev"`
	Seq   int64  `json:"seq"`
	V     int    `json:"v"`
}

// checkEntries reads every bundle and returns the leaf hashes of all entries, each of them checked.
func checkEntries(log source, tree tlog.Tree, origin string, authenticated tlog.HashReader) ([]tlog.Hash, error) {
	leaves := make([]tlog.Hash, 0, tree.N)
	edge := edge{}
	prev := sha256.Sum256([]byte(origin))
	for first := int64(0); first < tree.N; first += tileWidth {
		width := min(tileWidth, tree.N-first)
		bundle := tlog.Tile{H: tileHeight, L: -1, N: first / tileWidth, W: int(width)}
		data, err := readTile(log, bundle)
		if err != nil {
			return nil, err
		}
		indexes := make([]int64, width)
		for i := range indexes {
			indexes[i] = tlog.StoredHashIndex(0, first+int64(i))
		}
		inTiles, err := authenticated.ReadHashes(indexes)
		if err != nil {
			return nil, fmt.Errorf("tiles over entries %d to %d: %w", first, first+width-1, err)
		}
		for i := int64(0); i < width; i++ {
			seq := first + i
			var record []byte
			if record, data, err = nextRecord(data); err != nil {
				return nil, fmt.Errorf("entry %d: %w", seq, err)
			}
			leaf := tlog.RecordHash(record)
			if leaf != inTiles[i] {
				return nil, fmt.Errorf("entry %d hashes to %v, its tile says %v", seq, leaf, inTiles[i])
			}
			if err := checkEntry(record, seq, prev); err != nil {
				return nil, fmt.Errorf("entry %d: %w", seq, err)
			}
			prev = sha256.Sum256(record)
			leaves = append(leaves, leaf)
			edge.append(leaf)
		}
		if len(data) != 0 {
			return nil, fmt.Errorf("bundle %d has %d bytes too many", bundle.N, len(data))
		}
	}
	if root := edge.root(); root != tree.Hash {
		return nil, fmt.Errorf("the entries have the root %v, the checkpoint says %v", root, tree.Hash)
	}
	return leaves, nil
}

func nextRecord(data []byte) (record, rest []byte, err error) {
	if len(data) < 2 {
		return nil, nil, errors.New("its bundle ends before it")
	}
	end := 2 + int(binary.BigEndian.Uint16(data))
	if len(data) < end {
		return nil, nil, errors.New("its bundle ends inside it")
	}
	return data[2:end], data[end:], nil
}

func checkEntry(record []byte, seq int64, prev [sha256.Size]byte) error {
	var read entry
	if err := json.Unmarshal(record, &read); err != nil {
		return err
	}
	again, err := json.Marshal(read)
	if err != nil {
		return err
	}
	if !bytes.Equal(again, record) {
		return fmt.Errorf("not in its one spelling: %s", record)
	}
	if read.Seq != seq {
		return fmt.Errorf("it says that it is entry %d", read.Seq)
	}
	if read.Prev != hex.EncodeToString(prev[:]) {
		return fmt.Errorf("the chain is broken: prev is %s, the entry before it hashes to %x", read.Prev, prev)
	}
	return nil
}

// edge computes a root in one pass, apart from tiles: complete subtrees, the largest first.
type edge struct {
	size   int64
	hashes []tlog.Hash
}

func (e *edge) append(leaf tlog.Hash) {
	for n := e.size; n&1 == 1; n >>= 1 {
		last := len(e.hashes) - 1
		leaf = tlog.NodeHash(e.hashes[last], leaf)
		e.hashes = e.hashes[:last]
	}
	e.hashes = append(e.hashes, leaf)
	e.size++
}

func (e *edge) root() tlog.Hash {
	if len(e.hashes) == 0 {
		return tlog.Hash(sha256.Sum256(nil))
	}
	root := e.hashes[len(e.hashes)-1]
	for i := len(e.hashes) - 2; i >= 0; i-- {
		root = tlog.NodeHash(e.hashes[i], root)
	}
	return root
}

// checkProof checks a C2SP tlog-proof file for the entry at its index.
func checkProof(
	data []byte, verifier note.Verifier, tree tlog.Tree, leaves []tlog.Hash, authenticated tlog.HashReader,
) (index, size int64, err error) {
	head, signed, found := strings.Cut(string(data), "\n\n")
	lines := strings.Split(head, "\n")
	if !found || lines[0] != "c2sp.org/tlog-proof@v1" || len(lines) < 2 {
		return 0, 0, errors.New("not a proof file")
	}
	lines = lines[1:]
	if strings.HasPrefix(lines[0], "extra ") {
		lines = lines[1:]
	}
	if len(lines) == 0 || !strings.HasPrefix(lines[0], "index ") {
		return 0, 0, errors.New("no index")
	}
	if index, err = strconv.ParseInt(strings.TrimPrefix(lines[0], "index "), 10, 64); err != nil {
		return 0, 0, err
	}
	var proof tlog.RecordProof
	for _, line := range lines[1:] {
		hash, err := parseHash(line)
		if err != nil {
			return 0, 0, err
		}
		proof = append(proof, hash)
	}
	covering, err := openCheckpoint([]byte(signed), verifier)
	if err != nil {
		return 0, 0, err
	}
	if covering.N > tree.N || index < 0 || index >= covering.N {
		return 0, 0, fmt.Errorf("entry %d in a tree of %d, where the log has %d", index, covering.N, tree.N)
	}
	if err := tlog.CheckRecord(proof, covering.N, covering.Hash, index, leaves[index]); err != nil {
		return 0, 0, err
	}
	consistency, err := tlog.ProveTree(tree.N, covering.N, authenticated)
	if err != nil {
		return 0, 0, err
	}
	if err := tlog.CheckTree(consistency, tree.N, tree.Hash, covering.N, covering.Hash); err != nil {
		return 0, 0, fmt.Errorf("its tree of %d is not the beginning of the log: %w", covering.N, err)
	}
	return index, covering.N, nil
}

func parseHash(text string) (tlog.Hash, error) {
	raw, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) != tlog.HashSize {
		return tlog.Hash{}, fmt.Errorf("not a hash: %q", text)
	}
	return tlog.Hash(raw), nil
}

// tileReader gives tlog its tiles, and remembers which it has found right.
type tileReader struct {
	log  source
	seen map[string]bool
}

func (*tileReader) Height() int { return tileHeight }

func (r *tileReader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	read := make([][]byte, len(tiles))
	for i, tile := range tiles {
		data, err := readTile(r.log, tile)
		if err != nil {
			return nil, err
		}
		if want := tile.W * tlog.HashSize; len(data) != want {
			return nil, fmt.Errorf("%s has %d bytes, not %d", tilePath(tile), len(data), want)
		}
		read[i] = data
	}
	return read, nil
}

func (r *tileReader) SaveTiles(tiles []tlog.Tile, _ [][]byte) {
	for _, tile := range tiles {
		r.seen[tilePath(tile)] = true
	}
}

// tilePath is the tile's path without the segment for its height; bundles of entries have their own word.
func tilePath(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", tileHeight))
	return "tile/" + strings.Replace(path, "data/", "entries/", 1)
}

// readTile reads a tile or bundle; in place of a partial one that is no longer kept, the full one's beginning.
func readTile(log source, tile tlog.Tile) ([]byte, error) {
	data, err := log.read(tilePath(tile))
	if !errors.Is(err, os.ErrNotExist) || tile.W == tileWidth {
		return data, err
	}
	full := tile
	full.W = tileWidth
	data, fullErr := log.read(tilePath(full))
	if fullErr != nil {
		return nil, err
	}
	if tile.L >= 0 {
		return data[:min(len(data), tile.W*tlog.HashSize)], nil
	}
	rest := data
	for i := 0; i < tile.W; i++ {
		if _, rest, err = nextRecord(rest); err != nil {
			return nil, fmt.Errorf("%s: %w", tilePath(full), err)
		}
	}
	return data[:len(data)-len(rest)], nil
}

// source is the directory or base URL below which a log is published.
type source string

func (s source) read(path string) ([]byte, error) {
	if !strings.HasPrefix(string(s), "http://") && !strings.HasPrefix(string(s), "https://") {
		return os.ReadFile(filepath.Join(string(s), filepath.FromSlash(path)))
	}
	url := strings.TrimSuffix(string(s), "/") + "/" + path
	client := http.Client{Timeout: 30 * time.Second}
	response, err := client.Get(url)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	switch response.StatusCode {
	case http.StatusOK:
		return io.ReadAll(io.LimitReader(response.Body, maxFile))
	case http.StatusNotFound, http.StatusGone:
		return nil, fmt.Errorf("%s: %w", url, os.ErrNotExist)
	}
	return nil, fmt.Errorf("%s: %s", url, response.Status)
}
