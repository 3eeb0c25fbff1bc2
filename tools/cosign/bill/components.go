package main

import (
	"archive/tar"
	"bytes"
	"cmp"
	"debug/buildinfo"
	"errors"
	"io"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/CycloneDX/cyclonedx-go"
)

// componentsOf returns what the files of an image, an archive, are made of.
func componentsOf(files io.Reader) ([]cyclonedx.Component, error) {
	var packages [][]byte
	var system []byte // what /etc/os-release says
	found := map[string]cyclonedx.Component{}
	for archive := tar.NewReader(files); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		file := path.Clean("/" + header.Name)
		folder := path.Dir(file)
		switch {
		case header.Typeflag != tar.TypeReg:
		case file == "/var/lib/dpkg/status", folder == "/var/lib/dpkg/status.d" && path.Ext(file) != ".md5sums":
			text, err := io.ReadAll(archive)
			if err != nil {
				return nil, err
			}
			packages = append(packages, text)
		case file == "/usr/lib/os-release", file == "/etc/os-release":
			if system, err = io.ReadAll(archive); err != nil {
				return nil, err
			}
		case header.Mode&0o111 != 0:
			program, err := io.ReadAll(archive)
			if err != nil {
				return nil, err
			}
			if info, err := buildinfo.Read(bytes.NewReader(program)); err == nil { // of Go
				addModules(found, info)
			}
		}
	}
	for _, text := range packages {
		addPackages(found, text, system)
	}
	components := make([]cyclonedx.Component, 0, len(found))
	for _, component := range found {
		components = append(components, component)
	}
	slices.SortFunc(components, func(a, b cyclonedx.Component) int { return cmp.Compare(a.PackageURL, b.PackageURL) })
	return components, nil
}

// add adds a component by its package URL: see the specification of package URLs.
func add(found map[string]cyclonedx.Component, name, version, packageURL string) {
	found[packageURL] = cyclonedx.Component{
		BOMRef: packageURL, Type: cyclonedx.ComponentTypeLibrary, Name: name, Version: version, PackageURL: packageURL,
	}
}

// escape percent-encodes a part of a package URL: all but letters, digits, ".", "-", "_", "~" and ":".
func escape(part string) string { return strings.ReplaceAll(url.QueryEscape(part), "%3A", ":") }

// addModules adds the modules of a Go program and the standard library.
func addModules(found map[string]cyclonedx.Component, info *buildinfo.BuildInfo) {
	module := func(name, version string) { add(found, name, version, "pkg:golang/"+name+"@"+escape(version)) }
	module("std", strings.TrimPrefix(info.GoVersion, "go"))
	module(info.Main.Path, info.Main.Version)
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		module(m.Path, m.Version)
	}
}

// addPackages adds the installed packages of a database of dpkg.
func addPackages(found map[string]cyclonedx.Component, text, system []byte) {
	release := fields(system, "=")
	distribution := cmp.Or(release["ID"], "debian")
	for paragraph := range strings.SplitSeq(string(text), "\n\n") {
		p := fields([]byte(paragraph), ":")
		if p["Package"] == "" || p["Status"] != "" && !strings.HasSuffix(p["Status"], " installed") {
			continue
		}
		packageURL := "pkg:deb/" + distribution + "/" + escape(p["Package"]) + "@" + escape(p["Version"]) + "?arch=" + p["Architecture"]
		if number := cmp.Or(release["VERSION_ID"], release["VERSION_CODENAME"]); number != "" {
			packageURL += "&distro=" + distribution + "-" + number
		}
		add(found, p["Package"], p["Version"], packageURL)
	}
}

// fields returns the values of the lines NAME, separator, VALUE, by name. It skips
// continuation lines.
func fields(text []byte, separator string) map[string]string {
	values := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if name, value, is := strings.Cut(line, separator); is && !strings.HasPrefix(name, " ") {
			values[name] = strings.Trim(strings.TrimSpace(value), `"`)
		}
	}
	return values
}
