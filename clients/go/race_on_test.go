//go:build race

package relais_test

const raceDetector = true
