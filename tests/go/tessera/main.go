// Command tessera verifies a published ledger with transparency-dev/tessera, a log implementation that is not ours.
//
//	tessera -vkey file <directory or base URL>
//
// Below the directory or URL stand checkpoint and tile/…, as C2SP tlog-tiles lays them out. Tessera's fsck derives the
// root and every tile again from the entry bundles; its client builds the inclusion proofs of entries from
// the tiles alone, and transparency-dev/merkle checks them. It prints what it counted and exits with 1 at the first fault: the fsck command that comes with Tessera ends with 0 whatever it found.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net/url"
	"os"
	"strings"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"
	"golang.org/x/mod/sumdb/note"
)

// Proofs of more entries than this are not all built: the rest are checked by fsck alone.
const maxProofs = 600

func main() {
	log.SetFlags(0)
	log.SetPrefix("tessera: FAULT: ")
	vkeyFile := flag.String("vkey", "", "file with the ledger's verifier key")
	flag.Parse()
	if flag.NArg() != 1 || *vkeyFile == "" {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(context.Background(), flag.Arg(0), *vkeyFile); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, where, vkeyFile string) error {
	vkey, err := os.ReadFile(vkeyFile)
	if err != nil {
		return err
	}
	verifier, err := note.NewVerifier(strings.TrimSpace(string(vkey)))
	if err != nil {
		return fmt.Errorf("vkey: %w", err)
	}
	source, err := open(where)
	if err != nil {
		return err
	}
	if err := fsck.New(verifier.Name(), verifier, source, leafHashes, fsck.Opts{N: 2}).Check(ctx); err != nil {
		return err
	}
	checkpoint, _, _, err := client.FetchCheckpoint(ctx, source.ReadCheckpoint, verifier, verifier.Name())
	if err != nil {
		return err
	}
	fmt.Printf("fsck: %d entries of %s, every tile and the root follow from them\n", checkpoint.Size, verifier.Name())

	builder, err := client.NewProofBuilder(ctx, checkpoint.Size, source.ReadTile)
	if err != nil {
		return err
	}
	leaves, err := firstLeaves(ctx, source, checkpoint.Size)
	if err != nil {
		return err
	}
	for index, leaf := range leaves {
		hashes, err := builder.InclusionProof(ctx, uint64(index))
		if err != nil {
			return fmt.Errorf("inclusion proof of entry %d: %w", index, err)
		}
		err = proof.VerifyInclusion(
			rfc6962.DefaultHasher, uint64(index), checkpoint.Size, leaf, hashes, checkpoint.Hash,
		)
		if err != nil {
			return fmt.Errorf("entry %d is not proved: %w", index, err)
		}
	}
	fmt.Printf("inclusion: %d entries proved from the tiles\n", len(leaves))
	return nil
}

// source is what both of Tessera's fetchers can do.
type source interface {
	ReadCheckpoint(ctx context.Context) ([]byte, error)
	ReadTile(ctx context.Context, level, index uint64, partial uint8) ([]byte, error)
	ReadEntryBundle(ctx context.Context, index uint64, partial uint8) ([]byte, error)
}

func open(where string) (source, error) {
	if !strings.Contains(where, "://") {
		return &client.FileFetcher{Root: where}, nil
	}
	address, err := url.Parse(strings.TrimSuffix(where, "/") + "/")
	if err != nil {
		return nil, err
	}
	return client.NewHTTPFetcher(address, nil)
}

// firstLeaves are the leaf hashes of the first entries, from their bundles.
func firstLeaves(ctx context.Context, from source, size uint64) ([][]byte, error) {
	var leaves [][]byte
	for first := uint64(0); first < min(size, maxProofs); first += 256 {
		partial := uint8(min(256, size-first)) // 256 becomes 0: a full bundle
		bundle, err := from.ReadEntryBundle(ctx, first/256, partial)
		if err != nil {
			return nil, err
		}
		hashes, err := leafHashes(bundle)
		if err != nil {
			return nil, fmt.Errorf("bundle %d: %w", first/256, err)
		}
		leaves = append(leaves, hashes...)
	}
	return leaves, nil
}

func leafHashes(bundle []byte) ([][]byte, error) {
	entries := &api.EntryBundle{}
	if err := entries.UnmarshalText(bundle); err != nil {
		return nil, err
	}
	hashes := make([][]byte, 0, len(entries.Entries))
	for _, entry := range entries.Entries {
		hashes = append(hashes, rfc6962.DefaultHasher.HashLeaf(entry))
	}
	return hashes, nil
}
