//! What GNU wget says of itself.

use crate::sys::Release;

/// `--version`.
pub(super) fn text(release: Release) -> String {
    let (number, compile, link) =
        if release.debian < 13 { ("1.21.3", COMPILE_12, LINK_12) } else { ("1.25.0", COMPILE_13, LINK_13) };
    format!("GNU Wget {number} built on linux-gnu.\n{FEATURES}{compile}{link}{LICENCE}")
}

const FEATURES: &str = "
-cares +digest -gpgme +https +ipv6 +iri +large-file -metalink +nls 
+ntlm +opie +psl +ssl/gnutls 

Wgetrc: 
    /etc/wgetrc (system)
Locale: 
    /usr/share/locale 
";

const COMPILE_12: &str = "Compile: 
    gcc -DHAVE_CONFIG_H -DSYSTEM_WGETRC=\"/etc/wgetrc\" 
    -DLOCALEDIR=\"/usr/share/locale\" -I. -I../../src -I../lib 
    -I../../lib -Wdate-time -D_FORTIFY_SOURCE=2 
    -I/usr/include/p11-kit-1 -DHAVE_LIBGNUTLS -DNDEBUG -g -O2 
    -ffile-prefix-map=/build/reproducible-path/wget-1.21.3=. 
    -fstack-protector-strong -Wformat -Werror=format-security 
    -DNO_SSLv2 -D_FILE_OFFSET_BITS=64 -g -Wall 
";

const LINK_12: &str = "Link: 
    gcc -I/usr/include/p11-kit-1 -DHAVE_LIBGNUTLS -DNDEBUG -g -O2 
    -ffile-prefix-map=/build/reproducible-path/wget-1.21.3=. 
    -fstack-protector-strong -Wformat -Werror=format-security 
    -DNO_SSLv2 -D_FILE_OFFSET_BITS=64 -g -Wall -Wl,-z,relro -Wl,-z,now 
    -lpcre2-8 -luuid -lidn2 -lnettle -lgnutls -lz -lpsl ../lib/libgnu.a 

";

const COMPILE_13: &str = "Compile: 
    gcc -DHAVE_CONFIG_H -DSYSTEM_WGETRC=\"/etc/wgetrc\" 
    -DLOCALEDIR=\"/usr/share/locale\" -I. -I../../src -I../lib 
    -I../../lib -Wdate-time -D_FORTIFY_SOURCE=2 
    -I/usr/include/p11-kit-1 -DHAVE_LIBGNUTLS -DNDEBUG -g -O2 
    -Werror=implicit-function-declaration 
    -ffile-prefix-map=/build/reproducible-path/wget-1.25.0=. 
    -fstack-protector-strong -fstack-clash-protection -Wformat 
    -Werror=format-security -fcf-protection -DNO_SSLv2 
";

const LINK_13: &str = "Link: 
    gcc -I/usr/include/p11-kit-1 -DHAVE_LIBGNUTLS -DNDEBUG -g -O2 
    -Werror=implicit-function-declaration 
    -ffile-prefix-map=/build/reproducible-path/wget-1.25.0=. 
    -fstack-protector-strong -fstack-clash-protection -Wformat 
    -Werror=format-security -fcf-protection -DNO_SSLv2 -Wl,-z,relro 
    -Wl,-z,now -lpcre2-8 -luuid -lidn2 -lnettle -lgnutls -lz -lpsl 
    ../lib/libgnu.a 

";

const LICENCE: &str = "Copyright (C) 2015 Free Software Foundation, Inc.
License GPLv3+: GNU GPL version 3 or later
<http://www.gnu.org/licenses/gpl.html>.
This is free software: you are free to change and redistribute it.
There is NO WARRANTY, to the extent permitted by law.

Originally written by Hrvoje Niksic <hniksic@xemacs.org>.
Please send bug reports and questions to <bug-wget@gnu.org>.
";
