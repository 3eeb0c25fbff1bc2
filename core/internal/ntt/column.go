package ntt

// column transforms the columns of a strip, which is copied to contiguous memory
// as rows of width words. It splits blocks of rows down to single rows by the
// truncated transform, which calculates only the wanted values and inverts with
// no others, so that the cost of a product grows evenly with its length: J. van
// der Hoeven, "The truncated Fourier transform and applications" (2004).
type column struct {
	*prime
	roots roots
	width int
}

// forward replaces the coefficients in a, block j of its level, by the first
// wanted rows of values. Rows of coefficients from number given on count as 0;
// their contents are ignored. Words in and out are below 8P.
func (c column) forward(a []uint64, j, given, wanted int) {
	rows := len(a) / c.width
	if rows == 1 {
		return
	}
	if given == rows && wanted == rows && rows >= 4 {
		c.roots.split4(c.prime, a, j)
		quarter := len(a) / 4
		for i := range 4 {
			c.forward(a[i*quarter:(i+1)*quarter], 4*j+i, rows/4, rows/4)
		}
		return
	}
	half := rows / 2
	low, high := a[:half*c.width], a[half*c.width:]
	if both := max(0, given-half) * c.width; wanted > half {
		c.split2(low[:both], high[:both], j)
		copy(high[both:], low[both:min(given, half)*c.width])
	} else {
		c.add(low[:both], high[:both], j)
	}
	c.forward(low, 2*j, min(given, half), min(wanted, half))
	if wanted > half {
		c.forward(high, 2*j+1, min(given, half), wanted-half)
	}
}

// backward is the inverse: the first known rows of a contain values, the others
// coefficients times the number of rows. It replaces the values by such
// coefficients too. Words in and out are below 2P.
func (c column) backward(a []uint64, j, known int) {
	rows := len(a) / c.width
	if rows == 1 {
		return
	}
	if known == rows && rows >= 4 {
		quarter := len(a) / 4
		for i := range 4 {
			c.backward(a[i*quarter:(i+1)*quarter], 4*j+i, rows/4)
		}
		c.roots.join4(c.prime, a, j)
		return
	}
	half := rows / 2
	low, high := a[:half*c.width], a[half*c.width:]
	if known <= half {
		c.average(low[known*c.width:], high[known*c.width:], j)
		c.backward(low, 2*j, known)
		c.twiceLess(low, high, j)
		return
	}
	c.backward(low, 2*j, half)
	if known < rows {
		rest := (known - half) * c.width
		c.less(high[rest:], low[rest:], j)
	}
	c.backward(high, 2*j+1, known-half)
	c.join2(low, high, j)
}

// split2 sets low and high to low + z·high and low − z·high, for the root z of
// block j.
func (c column) split2(low, high []uint64, j int) {
	p, p2, p4, z := c.P, 2*c.P, 4*c.P, c.roots[j]
	for i, x := range low {
		x, y := reduce(x, p4), z.Times(high[i], p)
		low[i], high[i] = x+y, x+p2-y
	}
}

// add sets low to low + z·high.
func (c column) add(low, high []uint64, j int) {
	p, p4, z := c.P, 4*c.P, c.roots[j]
	for i, x := range low {
		low[i] = reduce(x, p4) + z.Times(high[i], p)
	}
}

// join2 is the inverse of split2 times 2.
func (c column) join2(low, high []uint64, j int) {
	p, p2, z := c.P, 2*c.P, c.roots.negInverse(c.prime, j)
	for i, x := range low {
		y := high[i]
		low[i], high[i] = reduce(x+y, p2), z.Times(y+p2-x, p)
	}
}

// average sets low to (low + z·high)/2.
func (c column) average(low, high []uint64, j int) {
	p, p2, z := c.P, 2*c.P, c.roots[j]
	for i, x := range low {
		x = reduce(x+z.Times(high[i], p), p2)
		low[i] = (x + x&1*p) >> 1
	}
}

// twiceLess sets low to 2·low − z·high.
func (c column) twiceLess(low, high []uint64, j int) {
	p, p2, z := c.P, 2*c.P, c.roots[j]
	for i, x := range low {
		low[i] = reduce(reduce(x+x, p2)+p2-z.Times(high[i], p), p2)
	}
}

// less sets high to low − z·high.
func (c column) less(high, low []uint64, j int) {
	p, p2, z := c.P, 2*c.P, c.roots[j]
	for i, x := range low {
		high[i] = reduce(x+p2-z.Times(high[i], p), p2)
	}
}
