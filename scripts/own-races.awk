# Leaves out of a kernel's log the data races that KCSAN saw elsewhere than in the
# module: the kernel has many. A report stands between two lines of "=".
/==========/ {
	if (report == "") {
		report = $0
		next
	}
	if (report !~ /KCSAN/ || report ~ /\[virtualtap/)
		print report "\n" $0
	report = ""
	next
}
report != "" { report = report "\n" $0; next }
{ print }
END { if (report != "") print report }
