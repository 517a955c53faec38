"""A window of WebKitGTK for WebKitWebDriver; run by the system's Python, which has its bindings.

MiniBrowser is no narrower than 447 pixels, and learns its settings when it starts. This window
takes them from the file that its first argument names, each time that the process gets SIGUSR1.
"""

import json
import os
import signal
import sys
from pathlib import Path

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import GLib, Gtk, WebKit2  # noqa: E402

file = Path(sys.argv[1])
window = Gtk.Window(default_width=390, default_height=844)
context = WebKit2.WebContext.new_ephemeral()
context.set_automation_allowed(True)
view = WebKit2.WebView(web_context=context, is_controlled_by_automation=True)
view.get_settings().set_hardware_acceleration_policy(WebKit2.HardwareAccelerationPolicy.NEVER)


def obey():
    wanted = json.loads(file.read_text("utf-8"))
    settings, cookies = view.get_settings(), context.get_cookie_manager()
    settings.set_enable_javascript(wanted["javascript"])
    settings.set_enable_html5_local_storage(wanted["storage"])
    accept = WebKit2.CookieAcceptPolicy
    cookies.set_accept_policy(accept.ALWAYS if wanted["cookies"] else accept.NEVER)
    Gtk.Settings.get_default().set_property("gtk-application-prefer-dark-theme", wanted["dark"])
    window.resize(wanted["width"], wanted["height"])
    Path(f"{file}.done").touch()
    return True


def started(_, session):
    session.connect("create-web-view", lambda *_: view)
    info = WebKit2.ApplicationInfo()
    info.set_name("MiniBrowser")  # the name that Selenium's capabilities ask for
    session.set_application_info(info)


context.connect("automation-started", started)
GLib.unix_signal_add(GLib.PRIORITY_HIGH, signal.SIGUSR1, obey)
window.connect("destroy", Gtk.main_quit)
window.add(view)
window.show_all()
obey()
Path(f"{file}.pid").write_text(str(os.getpid()), "utf-8")
Gtk.main()
