"""Words of Indonesian names, the commonest first, for tests/noisy_people.py."""

BOYS = """
Muhammad Rizki Ahmad Fajar Arkan Rafa Bagas Dimas Aditya Rafif Naufal Fadhil Gibran Alfarizi
Zaidan Raka Bima Daffa Kenzo Azka Farhan Ilham Galih Yusuf Ibrahim Hafiz Fauzan Rayyan Akbar Reza
Ghifari Khoirul Zaki Hanif Irfan Wahyu Danish Attar Raihan Adnan Fatih Haikal Kevin Arya Dzaky
Satria Bayu Eko Tegar Abizar Rasya Fahri Fahmi Hasan Husein Yoga Ridho Syahrul Abdul Nizam Luthfi
Iqbal Firman Andika Candra Joko Cahyo Septian Febrian Anugrah Teguh Bintang Elang Aqil Malik
Zafran Umar Ali Bilal Salman Yahya Ismail Idris Zain Alvaro Rizal Wisnu Krisna Panji Jati Guntur
Sakha
""".split()

GIRLS = """
Siti Putri Aisyah Nur Ayu Zahra Aulia Naila Khanza Alya Kirana Nabila Azzahra Syifa Anindya
Humaira Salsabila Keisha Nadia Rahma Dwi Intan Annisa Fatimah Khadijah Zaskia Nurhayati Citra Dewi
Bunga Melati Kayla Qonita Shakila Adinda Fitri Lestari Safira Aqila Hana Maryam Mutia Tiara
Calista Aisha Rania Inara Almira Shanum Jihan Talita Cantika Elvina Felicia Gendis Hafsah Ika
Jasmine Kinanti Laila Mikayla Nayla Olivia Puspita Queensha Rini Sekar Tri Ulfa Vania Winda Yasmin
Zulfa Arsyila Nurul Eka Wulan Ratna Sri Diah Endah Farah Ghina Hilya Izzatun Khoirunnisa Lutfia
Marwah Najwa Rizka Rafifa Syakira Tsabita Uswatun Wardah Zivana
""".split()

SECOND_BOY = """
Saputra Pratama Ramadhan Maulana Hidayat Nugroho Setiawan Kurniawan Wijaya Firmansyah Putra
Prasetyo Santoso Wibowo Alfarizqi Abdillah Hakim Rahman Syahputra Purnama Ardiansyah Permana
Mahendra Adiputra Susanto Gunawan Budiman Rahmat Arifin Fauzi Anwar Wicaksono Utomo Saputro
Laksono Kusuma Al-Fatih Baihaqi Zulkarnain Pamungkas Mubarok Ihsan Khairi Syafiq Abqori Nugraha
Pradana
""".split()

SECOND_GIRL = """
Putri Lestari Ramadhani Azzahra Maharani Khairunnisa Salsabila Rahmawati Aulia Anggraini Nurhaliza
Wulandari Safitri Permatasari Hidayah Kusuma Oktaviani Almahyra Ningrum Pertiwi Handayani Zahrani
Syahira Ramadani Cahyani Utami Amalia Fauziah Maulida Novitasari Febriani Islamiyah Puspitasari
Kamila Azkiya Nuraini Mahira Andini Kusumawardani Rosyada Hasanah Nadhifa Qurrota Jannah
""".split()

MOTHERS = """
Siti Sri Nur Dwi Tri Eni Yuni Ani Rina Wati Endang Sulastri Sumiyati Aminah Fatimah Khotimah
Nurjanah Rohmah Supriyati Wahyuni Kartini Purwanti Setyowati Ningsih Lestari Handayani Sugiarti
Murni Tuti Yanti Ratna Dewi Indah Puji Rahayu Astuti Kusmiati Marfuah Nurkhasanah Khasanah
Solikhah Muslimah Munawaroh Romlah Rusmini Painem Tumirah Suryani Mulyani Heni Lilis Titin Iis
Neneng Eti Yayah Umi Kulsum Maesaroh Chotijah Jumiati Sudarti Winarsih Triyani Kurniasih Fitriani
Novi Desi Rosita Susanti Apriliani Oktavia Ayu Lina Maya Diana Mega Sari Retno Wulan Anisa
Zulaikha Maryati Suharti Halimah
""".split()

FATHERS = """
Muhammad Agus Slamet Budi Joko Sutrisno Ahmad Suparno Wahyudi Heri Eko Dwi Tri Bambang Sugeng
Supriyanto Andi Dedi Rudi Hendra Yanto Purwanto Mulyono Sutarno Kasno Tarsono Rasikun Sarif Nurdin
Abdul Rohman Rahmat Hidayat Santoso Prasetyo Setiawan Kurniawan Susilo Triyono Waluyo Karyono
Sumarno Darsono Iwan Irawan Faisal Zaenal Arifin Soleh Muslim Jamal Imron Ridwan Saefudin Tohir
Mansur Yusup Gunawan Haryanto Sudirman Suryadi Widodo Subekti Kusnadi Aris Munandar Teguh Untung
Sapto Catur
""".split()
