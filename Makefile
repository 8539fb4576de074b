# The few commands that everybody needs. Each is a small script in scripts/; `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help demo test check bench fuzz book sbom windows

# `make demo SERVE=0` stops after the pages are written.
SERVE ?= 1
# `make fuzz FUZZ_SECONDS=600` gives each reader that long.
FUZZ_SECONDS ?= 60
# `make bench BENCH="--primaries 2000 --times 1"` passes options on; `BENCH=linkage` measures linkage.
BENCH ?=

help: ## list these commands
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: ## build, invent a small nation, run the whole chain, show the pages
	@SERVE=$(SERVE) scripts/demo

test: ## install what the tests need and run all of them
	@scripts/test

check: ## the quick half of `make test`: formatting, lints, the shape of the house
	@scripts/check

bench: ## measure, beside a peer, on this machine
	@BENCH="$(BENCH)" scripts/bench

fuzz: ## feed hostile bytes to every reader
	@FUZZ_SECONDS=$(FUZZ_SECONDS) scripts/fuzz

book: ## build the book into target/book
	@scripts/book

windows: ## build counted.exe for hospital PCs, and try it where wine is there
	@scripts/windows

sbom: ## write the list of everything inside the program
	@scripts/sbom
