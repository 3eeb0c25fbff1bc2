// Bill writes what the images of Pisano in a registry are made of, as bills of materials
// in the form of CycloneDX: the packages of Debian, and the modules of Go programs.
//
//	bill IMAGE@DIGEST FOLDER
//
// It writes FOLDER/sha256:….json for the image, or for each image of an index. The
// name is the digest for which scripts/sign attests the bill.
package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/CycloneDX/cyclonedx-go"
	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "Usage: bill IMAGE@DIGEST FOLDER")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintf(os.Stderr, "bill: %v\n", err)
		os.Exit(1)
	}
}

func run(reference, folder string) error {
	digest, err := name.NewDigest(reference)
	if err != nil {
		return err
	}
	found, err := remote.Get(digest, remote.WithAuthFromKeychain(authn.DefaultKeychain))
	if err != nil {
		return err
	}
	images, err := imagesOf(found)
	if err != nil {
		return err
	}
	for _, image := range images {
		if err := write(digest.Context().Digest(image.digest), image, folder); err != nil {
			return fmt.Errorf("%s: %w", image.digest, err)
		}
	}
	return nil
}

// platformImage is an image for one platform.
type platformImage struct {
	v1.Image
	digest string
}

// imagesOf returns the image that was found, or those of an index. Attestations, which
// builders put into an index, are for no platform.
func imagesOf(found *remote.Descriptor) ([]platformImage, error) {
	if !found.MediaType.IsIndex() {
		image, err := found.Image()
		return []platformImage{{image, found.Digest.String()}}, err
	}
	index, err := found.ImageIndex()
	if err != nil {
		return nil, err
	}
	manifest, err := index.IndexManifest()
	if err != nil {
		return nil, err
	}
	var images []platformImage
	for _, part := range manifest.Manifests {
		if !part.MediaType.IsImage() || part.Platform != nil && part.Platform.OS == "unknown" {
			continue
		}
		image, err := index.Image(part.Digest)
		if err != nil {
			return nil, err
		}
		images = append(images, platformImage{image, part.Digest.String()})
	}
	return images, nil
}

// write writes the bill of an image.
func write(reference name.Digest, image platformImage, folder string) error {
	files := mutate.Extract(image)
	defer files.Close()
	components, err := componentsOf(files)
	if err != nil {
		return err
	}
	bom := cyclonedx.NewBOM()
	bom.Metadata = &cyclonedx.Metadata{Component: &cyclonedx.Component{
		Type: cyclonedx.ComponentTypeContainer, Name: reference.Context().Name(), Version: image.digest,
	}}
	bom.Components = &components
	f, err := os.Create(filepath.Join(folder, image.digest+".json"))
	if err != nil {
		return err
	}
	return encode(f, bom)
}

func encode(w io.WriteCloser, bom *cyclonedx.BOM) error {
	err := cyclonedx.NewBOMEncoder(w, cyclonedx.BOMFileFormatJSON).SetPretty(true).Encode(bom)
	if closed := w.Close(); err == nil {
		err = closed
	}
	return err
}
